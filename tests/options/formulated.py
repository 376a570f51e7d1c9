"""Country X with options, packages, risks and arguments, made up for tests of what is shown."""

from __future__ import annotations

from typing import Any

from planning import actions
from planning.models import Entry
from planning.registers import REGISTERS
from planning.screenplay import fresh
from tests.world import World

WHY = "It rests on what the Embassy reported and on the case of 2003."


def enter(world: World, register: str, **values: Any) -> Entry:
    """An entry by the member."""
    return actions.add_entry(
        effort=fresh(world.effort), register=REGISTERS[register], values=values, by=world["member"]
    )


def save(world: World, entry: Entry, **values: Any) -> Entry:
    """Change an entry as the member."""
    now = read(entry)
    return actions.save_entry(entry=now, values=values, revision=now.revision, by=world["member"])


def read(entry: Entry) -> Entry:
    """An entry, read anew."""
    return Entry.objects.select_related("effort__marking", "portion").get(pk=entry.pk)


def nothing(world: World) -> Entry:
    """“Do nothing”, which joined the others by itself."""
    return world.effort.entries.get(register="options", kind="none")


def option(world: World, name: str, level: str = "policy", **more: Any) -> Entry:
    """An option that says something of everything."""
    tests = {
        key: "yes" for key in ("distinguishable", "suitable", "feasible", "acceptable", "complete")
    }
    whys = {f"{key}_why": f"{WHY} ({key})" for key in tests}
    values: dict[str, Any] = {
        "name": name, "level": level, "approach": "mixed", "us_role": "support_other_actors",
        "summary": f"{name}: staff, money and information for others, and a push in the capital.",
        "rationale": f"{name} bears on those who arm the bands.",
        "goal": "Prevent mass atrocities and halt them if it comes to that.",
        "end_state": "No raid with army support for 60 days.",
        "first_effect": f"Weeks, says {name}", "cost": "$171 million, $90 million in hand",
        "main_risk": f"{name} comes too late for the dry season.",
        "inaction": f"Waiting costs {name} the partners it has.",
        "resources": f"{name}: lift, pay and 24 staff.", "phasing": f"{name}: IC ends at D+45.",
        "organization": f"{name}: State leads.", "control": f"{name}: the Ambassador directs.",
        "sustainment": f"{name}: food for 90 days.",
    }  # fmt: skip
    return enter(world, "options", **(values | tests | whys | more))


def formulate(world: World, level: str = "policy", names: tuple[str, ...] = ("One", "Two")) -> None:
    """Options of a level with a package, objectives, lines, risks, a checklist and arguments."""
    assumed = enter(world, "assumptions", statement=f"Relief stays until February ({level}).")
    made = [option(world, name, level, assumptions=str(assumed)) for name in names]
    first, last = made[0], made[-1]
    objective = enter(
        world, "objectives", statement=f"Timely aid for all ({level}).", options=str(last),
        measure="Districts reached each week.",
    )  # fmt: skip
    enter(world, "objectives", statement=f"No spillover ({level}).", options=str(first))
    lines = [
        enter(
            world, "lines-of-effort", name=f"{name} ({level})", lead="State", support="Defense",
            purpose=f"{name} holds.", objectives=str(objective), options=str(last),
        )
        for name in ("Diplomacy", "Military Efforts", "Relief", "Governance")
    ]  # fmt: skip
    enter(world, "lines-of-effort", name=f"Economic ({level})", options=str(first), lead="Treasury")
    for one in made:
        before = enter(
            world, "measures", name=f"Envoy of {one.title}", option=str(one), lead="State",
            tool="mediation", stages="stage_1c; stage_2a", line=str(lines[0]),
            support="Defense", resources="Ten staff.",
        )  # fmt: skip
        enter(
            world, "measures", name=f"Lift of {one.title}", option=str(one), lead="Defense",
            stages="stage_2a", line=str(lines[1]), after=str(before),
        )  # fmt: skip
    risk(world, f"Bands strike harder ({level}).", 4, 4, 2, 3, options=str(last))
    risk(world, f"Staff are seized ({level}).", 2, 5, options=str(first), mitigation="")
    risk(world, f"Nobody weighed it ({level}).", options=f"{first}; {last}")
    for kind, text in (
        ("advantage", "Acts before January."), ("disadvantage", "Exposes relief workers."),
        ("wargame", "Two bands stood down."), ("position", "Access comes first."),
    ):  # fmt: skip
        enter(
            world, "arguments", text=f"{text[:-1]} ({level}).", kind=kind, option=str(last),
            agency="USAID",
        )  # fmt: skip


def risk(world: World, text: str, *weights: int, **more: Any) -> Entry:
    """A risk with its weights: likelihood and consequence, before and then after."""
    fields = ("likelihood", "consequence", "residual_likelihood", "residual_consequence")
    values = {name: str(weight) for name, weight in zip(fields, weights, strict=False)}
    return enter(
        world, "policy-risks",
        **({"risk": text, "kind": "own", "mitigation": "Talks run first."} | values | more),
    )  # fmt: skip


def review(world: World) -> None:
    """A checklist half answered, and two variables read."""
    for point, kind, standing, note in (
        ("Others take part.", "guideline", "met", "Through ECOWAS."),
        ("The end is planned.", "guideline", None, ""),
        ("Legitimacy.", "consideration", "in_part", "Counsel advises by 5 December."),
        ("Security.", "consideration", "not_met", "No means for it."),
    ):
        enter(world, "policy-checks", point=point, kind=kind, standing=standing or "", note=note)
    enter(world, "situation", why="Ministers incite.", variable="volatility", value="urgent")
    enter(
        world, "situation", why="It may turn.", variable="host_nation_role", value="mixed"
    )  # fmt: skip
    enter(
        world, "policy-risks", risk="It gets worse and dearer.", kind="inaction", likelihood="5",
        consequence="5",
    )  # fmt: skip
