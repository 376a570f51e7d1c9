"""What a declaration of a register must hold, and how registers are plugged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from planning import entries
from planning.ports import SOURCES
from planning.ports import plug_in as plug_in_source
from planning.registers import REGISTERS, Field, Kind, Register, Style, View, by_prefix, plug_in
from tests.flows.register_kit import CREWS, THINGS, plugged

YES_NO = (("yes", "Yes"), ("no", "No"))
NAME = Field("name", "Name", required=True)
SORT = Field("sort", "Sort", Kind.CHOICE, choices=YES_NO)
BASE = Register("boats", "Boats", "boat", "BT", "What floats.", "Annex G", (NAME, SORT))


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with plugged():
        yield


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Field("Name", "Name"), "lower-case words"),
        (lambda: Field("na-me", "Name"), "lower-case words"),
        (lambda: Field("n1", "Name"), "lower-case words"),
        (lambda: Field("sort", "Sort", Kind.CHOICE), "choices belong to"),
        (lambda: Field("sort", "Sort", Kind.SPANS), "choices belong to"),
        (lambda: Field("sort", "Sort", Kind.CHOICES), "choices belong to"),
        (lambda: Field("name", "Name", choices=YES_NO), "choices belong to"),
        (lambda: Field("near", "Near", Kind.LINKS), "which registers it leads to"),
        (lambda: Field("name", "Name", to=("boats",)), "which registers it leads to"),
        (lambda: replace(SORT, binds=("name",)), "only a choice that an act sets"),
        (lambda: Field("name", "Name", act=True, binds=("sort",)), "only a choice that an act"),
        (lambda: View("Boats", "Boats"), "lower-case words and hyphens"),
        (lambda: View("boat_list", "Boats"), "lower-case words and hyphens"),
        (lambda: replace(BASE, key="Boats"), "wrong key or prefix"),
        (lambda: replace(BASE, prefix="bt"), "wrong key or prefix"),
        (lambda: replace(BASE, prefix="B"), "wrong key or prefix"),
        (lambda: replace(BASE, prefix="BOATIES"), "wrong key or prefix"),
        (lambda: replace(BASE, fields=(NAME, SORT, NAME)), "names a field twice"),
        (lambda: replace(BASE, fields=(replace(SORT, required=True), NAME)), "the first field is"),
        (lambda: replace(BASE, fields=(replace(NAME, required=False),)), "the first field is"),
        (lambda: replace(BASE, kind="name"), "kinds are a choice"),
        (lambda: replace(BASE, views=(View("v", "V", kinds=("yes",)),)), "a kind that is none"),
        (
            lambda: replace(BASE, kind="sort", views=(View("v", "V", kinds=("maybe",)),)),
            "a kind that is none",
        ),
    ],
)
def test_what_is_no_declaration(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("name", ["number", "portion", "highlight", "revision", "title_words"])
def test_names_that_every_entry_has_are_taken(name: str) -> None:
    with pytest.raises(ValueError, match="a name that every entry has"):
        replace(BASE, fields=(NAME, Field(name, "Taken")))


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(BASE, kind="none"),
        lambda: replace(BASE, signal="none"),
        lambda: replace(BASE, views=(View("v", "V", ("none",)),)),
        lambda: replace(
            BASE, fields=(NAME, replace(SORT, act=True, binds=("none",)))
        ),
        lambda: BASE.field("none"),
    ],
)  # fmt: skip
def test_what_is_named_must_be_a_field(make: Callable[[], Any]) -> None:
    with pytest.raises(LookupError, match="Boats has no field 'none'"):
        make()


def test_a_declaration_is_as_it_was_written() -> None:
    assert BASE.title is NAME and BASE.field("sort") is SORT
    assert SORT.label_of("yes") == "Yes" and SORT.label_of("maybe") == "maybe"
    assert View("v", "V").style is Style.TABLE
    with pytest.raises(FrozenInstanceError):
        BASE.key = "ships"  # type: ignore[misc]


def test_registers_are_plugged_in_once() -> None:
    assert plug_in(BASE) is BASE is plug_in(BASE) is REGISTERS["boats"]
    changed = replace(BASE, label="Ships")
    for other in (changed, replace(BASE, key="ships"), replace(BASE, prefix="SHP")):
        with pytest.raises(ValueError, match="clashes with 'boats'"):
            plug_in(other)
    assert REGISTERS["boats"] is BASE
    assert by_prefix("bt") is BASE and by_prefix("none") is None


def test_a_register_and_its_views_become_sources() -> None:
    view = View("boat-list", "Boats afloat", ("sort",))
    entries.plug_in_all([replace(BASE, views=(view,))])
    assert SOURCES["boats"].label == "Boats" and SOURCES["boat-list"].label == "Boats afloat"
    assert entries.registers_behind(["boat-list", "outline", "none", "boats"]) == ["boats"]
    with pytest.raises(ValueError, match="a source 'boat-list'"):
        plug_in_source(entries.ViewSource(BASE, view))


def test_an_app_may_plug_its_register_in_before_its_sources() -> None:
    plug_in(THINGS)
    entries.plug_in_all([THINGS, CREWS])
    assert {"things", "crews", "thing-list"} <= set(SOURCES)
