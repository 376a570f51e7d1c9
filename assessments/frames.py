"""The frames by which a country is rated, read from ``data/frames.yaml``. No tables here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from assessments.vocabulary import FrameKey

SOURCE = Path(__file__).parent / "data" / "frames.yaml"


@dataclass(frozen=True)
class Item:
    """One thing that is rated. ``part_of`` is the key of the item that it makes more precise;
    ``signs`` are what to look for."""

    key: str
    words: str
    signs: tuple[str, ...] = ()
    note: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class Category:
    """Items that belong together."""

    key: str
    number: int
    name: str
    items: tuple[Item, ...]
    cite: str
    explanation: str = ""


@dataclass(frozen=True)
class Frame:
    """A frame with the rules of its use and where the Handbook has it."""

    key: FrameKey
    name: str
    cite: str
    rules: tuple[str, ...]
    categories: tuple[Category, ...]
    publisher: str = ""

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by its key, in order."""
        return MappingProxyType({i.key: i for c in self.categories for i in c.items})

    def item(self, key: str) -> Item:
        """An item by its key. Raises LookupError for an unknown one."""
        return self.items[key]


def _frame(row: dict[str, Any]) -> Frame:
    categories = tuple(
        Category(
            **{
                **category,
                "items": tuple(
                    Item(**{**item, "signs": tuple(item.get("signs", ()))})
                    for item in category["items"]
                ),
            }
        )
        for category in row["categories"]
    )
    frame = Frame(
        **{**row, "key": FrameKey(row["key"]), "rules": tuple(row["rules"]),
           "categories": categories}
    )  # fmt: skip
    count = sum(len(category.items) for category in categories)
    loose = [i.key for i in frame.items.values() if i.part_of and i.part_of not in frame.items]
    if count != len(frame.items) or loose:
        raise ValueError(f"Frame {frame.key}: an item stands twice, or is part of none: {loose}")
    return frame


FRAMES: Mapping[str, Frame] = MappingProxyType(
    {row["key"]: _frame(row) for row in yaml.safe_load(SOURCE.read_text(encoding="utf-8"))}
)


def frame_of(key: str) -> Frame:
    """A frame by its key. Raises LookupError for an unknown one."""
    return FRAMES[key]
