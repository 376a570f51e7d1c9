"""What an effort may take in of policy formulation: as many as the Handbook has, fit to be used."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dime.registers.checks import CHECKS
from dime.registers.risks import RISKS
from planning.registers import READY_MADE, REGISTERS, ReadyMade
from planning.registers import ready as files
from planning.registers.values import parse
from planning.strategy.registers import LINES
from tests.world import World

COUNTS = {"policy-risks": 11, "policy-checks": 14, "lines-of-effort": 24}


def offered(key: str) -> list[ReadyMade]:
    """What a register offers, without the questions."""
    return [one for one in READY_MADE[key]() if not one.prompt]


def test_there_are_as_many_as_in_the_handbook() -> None:
    assert {key: len(offered(key)) for key in COUNTS} == COUNTS
    assert len(READY_MADE["policy-risks"]()) == 12  # and the question behind the overriding risk


def test_each_risk_is_of_its_own_kind() -> None:
    kinds = [one.values["kind"] for one in offered("policy-risks")]
    known = [value for value, _ in RISKS.field("kind").choices]
    assert kinds == [kind for kind in known if kind not in {"too_slow", "own"}]
    [asked] = [one for one in READY_MADE["policy-risks"]() if one.prompt]
    assert asked.values["kind"] == "too_slow" and asked.prompt.endswith("?")


def test_guidelines_and_considerations_are_six_and_eight() -> None:
    kinds = Counter(one.values["kind"] for one in offered("policy-checks"))
    assert kinds == {"guideline": 6, "consideration": 8}
    assert set(kinds) < {value for value, _ in CHECKS.field("kind").choices}
    assert not any("standing" in one.values for one in offered("policy-checks"))  # not answered


def test_candidate_lines_stand_in_their_groups() -> None:
    groups = Counter(one.values["group"] for one in offered("lines-of-effort"))
    assert list(groups.items()) == [
        ("endstates", 5), ("cross_cutting", 7), ("actions", 7), ("other", 5),
    ]  # fmt: skip
    assert set(groups) == {value for value, _ in LINES.field("group").choices}
    assert all(one.values["purpose"].endswith(".") for one in offered("lines-of-effort"))


@pytest.mark.parametrize("key", list(COUNTS))
def test_each_can_be_entered_as_it_stands(key: str) -> None:
    register = REGISTERS[key]
    titles = [one.values[register.title.key] for one in offered(key)]
    assert len(set(titles)) == len(titles)
    for one in READY_MADE[key]():
        assert one.cite.startswith(("Part", "Figure"))
        for name, raw in one.values.items():
            assert parse(register.field(name), raw, title=name == register.title.key)
            assert "  " not in raw and "—" not in raw
    if key != "lines-of-effort":
        assert all(title.endswith(".") and title[0].isupper() for title in titles)


@pytest.mark.parametrize("key", list(COUNTS))
def test_all_are_taken_in_at_once(world: World, key: str) -> None:
    client, page = world.client("member"), f"/efforts/country-x/registers/{key}/ready-made/"
    takes = [str(n) for n, one in enumerate(READY_MADE[key]()) if not one.prompt]
    assert client.get(page).content.decode().count('name="take"') == COUNTS[key]
    assert client.post(page, {"take": takes}).status_code == 302
    rows = world.effort.entries.filter(register=key)
    assert rows.count() == COUNTS[key]
    assert set(rows.values_list("kind", flat=True)) == {
        one.values[REGISTERS[key].kind] for one in offered(key)
    }
    assert 'name="take"' not in client.get(page).content.decode()  # all stand already


# ---------- files of such lists


@pytest.mark.parametrize(
    ("group", "match"),
    [
        ({"entries": ["A risk."]}, "lacks its cite"),
        ({"cite": "Part III", "rows": []}, "no \\['rows'\\]"),
        ({"cite": "Part III", "entries": [{"owner": "State"}]}, "lacks its 'risk'"),
        ({"cite": "Part III", "entries": [{"risk": "A.", "likelihood": "9"}]}, "is none of"),
        ({"cite": "Part III", "entries": [{"risk": "A.", "colour": "red"}]}, "no field"),
    ],
)
def test_a_wrong_list_is_told(group: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        list(files.read("ready.yaml", "policy-risks", [group]))


def test_values_of_a_group_go_with_each_entry(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(
        "policy-risks:\n  - cite: Part III\n    values: {kind: own}\n"
        "    entries: [First., {risk: Second., owner: State}]\n"
    )
    found = files.load(file)["policy-risks"]
    assert [one.values for one in found] == [
        {"risk": "First.", "kind": "own"}, {"risk": "Second.", "owner": "State", "kind": "own"},
    ]  # fmt: skip
