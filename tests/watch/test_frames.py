"""The frames are whole, and a slip in their file is found when it is read."""

from __future__ import annotations

import pytest

from assessments import frames
from assessments.frames import FRAMES, frame_of
from assessments.vocabulary import FrameKey


def test_counts() -> None:
    """Annex C: 8 categories, 46 issues, two of them parts of one. Part I: stages, conditions."""
    assert set(FRAMES) == set(FrameKey.values)
    osapg = frame_of("osapg")
    assert [len(c.items) for c in osapg.categories] == [8, 5, 3, 5, 7, 6, 8, 6]
    assert sum(not i.part_of for i in osapg.items.values()) == 46
    assert [i.key for i in osapg.items.values() if i.part_of] == ["1.3.a", "1.3.b"]
    assert [len(frame_of(k).items) for k in ("stanton", "conditions", "mmo")] == [8, 5, 3]
    assert [c.number for c in osapg.categories] == list(range(1, 9))


def test_rules_of_the_un_framework_are_carried() -> None:
    rules = " ".join(frame_of("osapg").rules)
    for words in ("not ranked", "not absence of risk", "cumulative effect decides"):
        assert words in rules


def test_every_item_says_something_and_names_its_place() -> None:
    for frame in FRAMES.values():
        assert frame.rules and frame.cite
        for category in frame.categories:
            assert category.name and category.cite
            assert all(item.words and len(item.key) <= 40 for item in category.items)


def test_unknown_ones_are_refused() -> None:
    with pytest.raises(LookupError):
        frame_of("other")
    with pytest.raises(LookupError):
        frame_of("osapg").item("9.9")


@pytest.mark.parametrize(
    "items",
    [[{"key": "a", "words": "A"}] * 2, [{"key": "a", "words": "A", "part_of": "b"}]],
)
def test_a_slip_in_the_file_is_found(items: list[dict[str, str]]) -> None:
    row = {
        "key": "mmo", "name": "N", "cite": "C", "rules": [],
        "categories": [{"key": "c", "number": 1, "name": "N", "cite": "C", "items": items}],
    }  # fmt: skip
    with pytest.raises(ValueError, match="stands twice, or is part of none"):
        frames._frame(row)
