"""The play of Country X: governance whole, by the same actions and rules as the browser."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mapro.core.audit import verify
from mapro.core.errors import NotAllowed
from planning import scenario
from planning.models import Decision, Dissent, DueOut, Submission, Version
from planning.scenario import ScriptError, faults
from planning.vocabulary import MandateKind, Origin, Outcome, ReplyKind, StepStatus, Way
from tests.world import SCRIPT, World

LATER = ("29 November", "30 November", "Eight ", "286 people", "incited", "Presidential address")
WALKED = [StepStatus.APPROVED] * 4 + [StepStatus.OPEN]


# ---------- the whole play


def test_country_x_plays_to_its_open_last_step(world: World) -> None:
    scenes = scenario.play(SCRIPT, world.effort, world.people)
    assert [s.key for s in scenes] == [a["key"] for a in SCRIPT["acts"] if a["do"] == "scene"]
    steps = world.effort.steps.filter(number__gt=0).order_by("number")
    assert [step.state for step in steps] == WALKED
    assert [step.cycle for step in steps] == [1, 1, 2, 1, 1]
    for look in (returned_once, decided_higher, dissents_travel, options_first, updates, settled):
        look(world)
    assert list(verify()) == []


def decisions(world: World, number: int) -> list[Decision]:
    """The decisions of a step, oldest first."""
    return list(
        Decision.objects.filter(submission__step=world.step(number))
        .select_related("submission", "decided_by", "on_behalf_of")
        .order_by("submission__number")
    )


def package(decision: Decision) -> list[Version]:
    """The versions that a decision was about, by product."""
    items = decision.submission.items.select_related("version__product")
    return [item.version for item in items.order_by("version__product__key")]


def text(version: Version, section: str) -> str:
    """A section as it was frozen."""
    return next(s["html"] for s in version.snapshot["sections"] if s["key"] == section)


def printed(version: Version) -> str:
    """What registers and annexes put into a version."""
    blocks = [r["html"] for s in version.snapshot["sections"] for r in s.get("registers", ())]
    return "".join(blocks + [a["html"] for a in version.snapshot["annexes"]])


def approved(world: World, key: str) -> list[Version]:
    """The approved versions of a product, oldest first."""
    found = Version.objects.filter(product=world.product(key)).exclude(approved_at=None)
    return list(found.order_by("number"))


def returned_once(world: World) -> None:
    """Step 2 came back once, and was approved with what the board had asked for."""
    first, second = decisions(world, 2)
    assert [first.result, second.result] == [Outcome.RETURN, Outcome.APPROVE_CONDITIONS]
    before, after = Version.objects.filter(product=world.product("tab-02")).order_by("number")
    assert "second battalion" not in text(before, "key-actors")
    assert "second battalion" in text(after, "key-actors")
    assert approved(world, "tab-02") == [after]


def decided_higher(world: World) -> None:
    """Step 3 was decided twice: option one by the Under Secretary, option two by the Deputies."""
    first, second = decisions(world, 3)
    assert (first.decided_by, first.submission.cycle) == (world["authority"], 1)
    assert (second.decided_by, second.submission.cycle) == (world["dc"], 2)
    assert second.body == "Deputies Committee"
    one, two = approved(world, "tab-04")
    assert "Adopt option one" in text(one, "analysis-and-recommendations")
    assert "Adopt option two" in text(two, "analysis-and-recommendations")
    reopening = world.step(3).reopenings.get()
    assert (reopening.cycle, reopening.by) == (2, world["dc"])
    flag = DueOut.objects.get(effort=world.effort, origin=Origin.REOPENED)
    assert (flag.step, flag.done_by) == (world.step(4), world["lead"])
    assert {"tab-04", "tab-05"} < {row["product"] for row in flag.detail["changes"]}


def dissents_travel(world: World) -> None:
    """What USAID disputes in Tab 4 is printed there and in Tab 7, with what was said to it."""
    red = Dissent.objects.get(effort=world.effort, red_flag=True)
    assert (red.author, red.product) == (world["usaid"], world.product("tab-04"))
    kinds = [row.kind for row in red.replies.order_by("pk")]
    assert kinds == [ReplyKind.COSIGN, ReplyKind.ANSWER, ReplyKind.RULING]
    opening = "Twelve relief organizations are left in West Calen"
    for key in ("tab-04", "tab-07"):
        assert opening in printed(approved(world, key)[-1]), key
    assert opening not in printed(approved(world, "tab-04")[0])
    assert "The window of 14 days" in printed(approved(world, "tab-07")[0])
    withdrawn = Dissent.objects.exclude(withdrawn_at=None).get()
    assert withdrawn.withdrawn_why in printed(approved(world, "tab-04")[-1])


def options_first(world: World) -> None:
    """Tab 6 alone by majority, Tab 7 by word and by the delegate, then the plan."""
    options, choice, plan = decisions(world, 4)
    assert [d.submission.interim for d in (options, choice, plan)] == [True, True, False]
    packages = [[v.product.key for v in package(d)] for d in (options, choice, plan)]
    assert packages == [["tab-06"], ["tab-07"], ["tab-06", "tab-07", "tab-08", "tab-09"]]
    assert options.decided_at < choice.decided_at < plan.decided_at
    assert (options.way, options.submission.quorum) == (Way.MAJORITY, 3)
    assert options.submission.votes.count() == 4
    assert (choice.decided_by, choice.on_behalf_of) == (world["alternate"], world["authority"])
    spoken = DueOut.objects.get(effort=world.effort, origin=Origin.VERBAL)
    assert (spoken.submission, spoken.done_by) == (choice.submission, world["alternate"])
    assert (plan.decided_by, plan.result) == (world["authority"], Outcome.APPROVE_CONDITIONS)


def updates(world: World) -> None:
    """Two updates are approved in the step that stays open; a substitute votes in the second."""
    first, second = decisions(world, 5)
    assert len(approved(world, "tab-10")) == 2
    assert first.submission.interim and second.submission.interim
    recusal = world.effort.mandates.get(kind=MandateKind.RECUSAL)
    vote = second.submission.votes.get(user=recusal.holder)
    assert (recusal.holder, vote.cast_by) == (world["board-io"], world["alternate"])


def settled(world: World) -> None:
    """Nothing holds a gate or is owed to haste, and nobody decided what they submitted."""
    owed = DueOut.objects.filter(effort=world.effort, done_at=None)
    assert set(owed.values_list("origin", flat=True)) == {Origin.GUIDANCE}
    assert not any(due.came_from.is_debt for due in owed)
    for submission in Submission.objects.filter(step__effort=world.effort):
        assert submission.decision.decided_by != submission.submitted_by
        assert submission.decision.on_behalf_of != submission.submitted_by
    world.effort.refresh_from_db()
    assert world.effort.crisis_since is None


# ---------- parts of it


def test_a_play_stops_after_the_scene_that_is_named(world: World) -> None:
    scenes = scenario.play(SCRIPT, world.effort, world.people, until="first-analysis")
    assert [s.key for s in scenes] == ["watch", "guidance", "first-analysis"]
    assert world.step(1).state is StepStatus.APPROVED
    assert world.step(2).state is StepStatus.RETURNED
    with pytest.raises(LookupError, match="epilogue"):
        scenario.play(SCRIPT, world.effort, world.people, until="epilogue")


def test_access_rules_hold_in_a_play_and_the_refusal_names_the_act(world: World) -> None:
    acts = copy.deepcopy(SCRIPT["acts"])
    at = first("submit")
    acts[at] = acts[at] | {"by": "member"}
    with pytest.raises(NotAllowed) as refused:
        scenario.play(SCRIPT | {"acts": acts}, world.effort, world.people)
    scene = next(a["title"] for a in acts if a.get("key") == "guidance")
    assert refused.value.__notes__ == [f"Act {at + 1}, submit, in the scene “{scene}”."]
    assert not Submission.objects.exists()


def test_nobody_writes_in_a_play_who_may_not(world: World) -> None:
    acts = copy.deepcopy(SCRIPT["acts"])
    acts[first("write")] |= {"by": "board"}
    with pytest.raises(NotAllowed, match="save a section"):
        scenario.play(SCRIPT | {"acts": acts}, world.effort, world.people)


def test_evidence_is_given_for_each_thing_owed(world: World) -> None:
    acts = copy.deepcopy(SCRIPT["acts"])
    act = next(act for act in acts if act["do"] == "settle")
    act["evidence"] = [*act["evidence"], "One thing more."]
    with pytest.raises(ScriptError, match="owes 1 due-outs of origin “Condition”.*evidence for 2"):
        scenario.play(SCRIPT | {"acts": acts}, world.effort, world.people)


def test_first_editions_differ_and_know_nothing_of_what_came_later() -> None:
    for key, texts in SCRIPT["editions"]["first"].items():
        for section, words in texts.items():
            assert words != SCRIPT["products"][key][section], (key, section)
    for key in ("tab-04", "tab-04-enclosure-1", "tab-05"):
        texts = SCRIPT["products"][key] | SCRIPT["editions"]["first"][key]
        later = [word for word in LATER for words in texts.values() if word in words]
        assert not later, (key, later)


# ---------- what cannot be played


def broken(number: int, **changes: Any) -> list[str]:
    """The faults of the play with one act changed; a field set to None is left out."""
    acts = copy.deepcopy(SCRIPT["acts"])
    act = acts[number] | changes
    acts[number] = {name: value for name, value in act.items() if value is not None}
    return list(faults(SCRIPT | {"acts": acts}))


def first(verb: str) -> int:
    """Where the first act of a verb stands."""
    return next(n for n, act in enumerate(SCRIPT["acts"]) if act["do"] == verb)


@pytest.mark.parametrize(
    ("verb", "changes", "words"),
    [
        ("vote", {"do": "shout"}, "there is no such verb"),
        ("vote", {"by": "boardd"}, "there is nobody “boardd” among the people"),
        ("vote", {"by": ["board"]}, "“by” takes a single value"),
        ("vote", {"position": "maybe"}, "“maybe” is not one of concur"),
        ("vote", {"step": 0}, "there is no gate of Step 0"),
        ("vote", {"step": None}, "“step” is missing"),
        ("vote", {"loud": True}, "“loud” is not a field of it"),
        ("submit", {"ask": " "}, "words are missing"),
        ("submit", {"products": ["tab-99"]}, "there is no text of “tab-99”"),
        ("write", {"products": []}, "“products” is a list of keys"),
        ("write", {"edition": "zeroth"}, "edition “zeroth” has no tab-01"),
        ("settle", {"evidence": "All done."}, "“evidence” is a list of words"),
        ("dissent", {"section": "poem"}, "“tab-04” has no section “poem”"),
        ("dissent", {"red_flag": "yes"}, "“yes” is neither true nor false"),
        ("cosign", {"dissent": "weather"}, "no earlier act “dissent” has the id “weather”"),
        ("done", {"due_out": "access"}, "no earlier act “due_out” has the id “access”"),
        ("delegate", {"days": "four"}, "“four” is not a whole number"),
        ("delegate", {"id": "access"}, "“access” is named already"),
        ("scene", {"key": "crisis"}, "there are 2 scenes “crisis”"),
        ("enter", {"registers": []}, "“registers” is a list of keys"),
        ("enter", {"registers": ["poems"]}, "there is no registers/guidance/poems.yaml"),
        ("enter", {"part": "third"}, "there is no registers/third/assumptions.yaml"),
        ("enter", {"part": None}, "names “drv-threats”, which is not entered before it"),
        ("amend", {"register": "poems"}, "there is no register “poems”"),
        ("amend", {"entry": "nobody"}, "no earlier act entered “nobody” in “actors”"),
        ("amend", {"entry": "government", "register": "sources"}, "no earlier act entered"),
        ("amend", {"values": {}}, "“values” are fields of the register"),
        ("amend", {"values": {"poem": "Words."}}, "Actors has no field “poem”"),
        ("amend", {"values": {"stance_now": "cross"}}, "“cross” is none of"),
        ("amend", {"values": {"sources": ["bands"]}}, "not in sources (it stands in actors)"),
        ("amend", {"values": {"sources": ["src-sitrep"]}}, "“src-sitrep”, which is not in sources"),
        ("approve_assumption", {"entries": ["bands"]}, "no earlier act entered bands in"),
        ("judge_assumption", {"verdict": "maybe"}, "“maybe” is not one of validated, invalidated"),
        ("judge_assumption", {"verdict": "validated"}, "only an assumption that fell"),
        ("watch", {"part": "never"}, "country_x/watch.yaml has no part “never”"),
    ],
)
def test_a_faulty_act_is_named(verb: str, changes: dict[str, Any], words: str) -> None:
    number = first(verb)
    found = [fault for fault in broken(number, **changes) if words in fault]
    assert found and found[0].startswith(f"Act {number + 1}, {changes.get('do', verb)}: ")


def test_a_play_begins_with_a_scene_and_every_fault_is_told() -> None:
    found = list(faults(SCRIPT | {"acts": [{"do": "remind", "step": 1}, {"by": "lead"}]}))
    assert found[0] == "Act 1, remind: the first act must be a scene."
    assert found[1] == "Act 1, remind: “by” is missing."
    assert found[2].startswith("Act 2, without a verb: there is no such verb")


def test_a_text_of_no_product_or_no_section_is_named() -> None:
    texts = SCRIPT["products"] | {"tab-77": {}, "tab-01": {"poem": "Words."}}
    editions = {"first": {"tab-04": {"poem": "Words."}}}
    found = list(faults(SCRIPT | {"products": texts, "editions": editions, "acts": []}))
    assert found == [
        "tab-01: the product has no section “poem”.",
        "tab-77: there is no such product.",
        "first/tab-04: the product has no section “poem”.",
    ]


def test_loading_refuses_what_cannot_be_played(tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small.yaml").write_text("people: []\nproducts: {}\nsteps: {}\n")
    (tmp_path / "small" / "script.yaml").write_text("acts: [{do: remind, step: 1, by: lead}]\n")
    monkeypatch.setattr(scenario, "FOLDER", tmp_path)
    with pytest.raises(ScriptError, match=r"Act 1, remind: there is nobody “lead”"):
        scenario.load("small")
    (tmp_path / "small" / "script.yaml").write_text("acts: [{do: gate, step: 7, by: lead}]\n")
    with pytest.raises(ScriptError, match="Act 1, gate: name who submits"):
        scenario.load("small")
    with pytest.raises(LookupError, match="there is small"):
        scenario.load("large")
