"""Tools and notes for tests, and what the routes of the toolbox take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dime.actions.tool import add_note, add_tool, retire_tool
from dime.models import Tool, ToolNote
from dime.suitability import variables
from mapro.core.models import Marking, User
from planning.policies import plans
from tests.world import World

TOOL: dict[str, Any] = {
    "name": "Radio for displaced people", "element": "informational", "approach": "suasion",
    "summary": "Broadcasts from across the border tell people in flight where help is.",
    "authority": "Authority of the agency; none beyond it", "incentive": "neutral",
    "lead_time": "weeks", "reversible": "easy", "cost": 2, "risk": 1, "intrusiveness": 2,
}  # fmt: skip
NOTE: dict[str, Any] = {
    "where": "Country Y, against raids", "when": "2019", "outcome": "mixed",
    "text": "Raids fell where the station was heard.", "source": "After-action report of the mission",
}  # fmt: skip
READINGS = {
    "host_nation_role": "adversary", "us_position": "medium", "international_support": "medium",
    "volatility": "urgent",
}  # fmt: skip


def situation_form(**values: str) -> dict[str, str]:
    """The form of the four readings."""
    form: dict[str, str] = {}
    for key, value in (READINGS | values).items():
        form |= {
            f"value_{key}": value,
            f"why_{key}": "The Embassy reports it.",
            f"revision_{key}": "0",
        }
    assert set(READINGS) == set(variables())
    return form


def note_form(**values: Any) -> dict[str, Any]:
    """A note as a form."""
    return NOTE | {"marking": Marking.objects.earliest("rank").pk} | values


@dataclass
class Own:
    """A person's own: a tool that stands, one that was retired, a note."""

    stands: Tool
    gone: Tool
    note: ToolNote


def own(user: User) -> Own:
    """One of each."""
    stands = add_tool(by=user, **TOOL | {"name": f"Radio of {user.post}"})
    gone = add_tool(by=user, **TOOL | {"name": f"Leaflets of {user.post}"})
    return Own(
        stands, retire_tool(tool=gone, why="Nobody reads them.", by=user),
        add_note(tool=stands, by=user, **NOTE),
    )  # fmt: skip


@dataclass
class Bench:
    """What the addresses and forms of the toolbox need; each person who plans has something."""

    slug: str
    owned: dict[str, Own]

    def arguments(self, who: str) -> dict[str, dict[str, Any]]:
        """What the addresses are made of, by route."""
        mine = self.owned.get(who, self.owned["lead"])
        key, gone = {"key": mine.stands.key}, {"key": mine.gone.key}
        return {
            "effort-toolbox": {"slug": self.slug},
            **dict.fromkeys(("tool", "tool-edit", "tool-retire", "tool-note-add"), key),
            **dict.fromkeys(("api:tool-detail", "api:tool-retire", "api:tool-notes"), key),
            **dict.fromkeys(("tool-restore", "api:tool-restore"), gone),
            "tool-note-retire": {"pk": mine.note.pk},
            "api:tool-retire-note": key | {"note": str(mine.note.pk)},
        }  # fmt: skip

    def bodies(self, who: str) -> dict[str, dict[str, Any]]:
        """Bodies that are taken, by route."""
        mine = self.owned.get(who, self.owned["lead"])
        why = {"why": "It was overtaken."}
        note = {
            "where": "Country Z",
            "outcome": "helped",
            "text": "It calmed.",
            "source": "A cable",
        }
        return {
            "effort-toolbox": situation_form(), "tool-add": TOOL,
            "tool-edit": TOOL | {"name": mine.stands.name, "cost": 3, "version": 1} | why,
            "tool-retire": why, "tool-note-add": note_form(),
            "tool-note-retire": {f"note-{mine.note.pk}-why": "It was hearsay."},
            "api:tool-list": TOOL, "api:tool-detail": {"cost": 3, "version": 1} | why,
            "api:tool-retire": why, "api:tool-notes": note, "api:tool-retire-note": why,
        }  # fmt: skip


def bench(world: World, who: Iterable[str]) -> Bench:
    """A bench for those of ``who`` who plan and belong to an organization."""
    there = {one: world[one] for one in who if one in world.people}
    return Bench(
        world.effort.slug,
        {who: own(user) for who, user in there.items() if plans(user) and user.organization},
    )
