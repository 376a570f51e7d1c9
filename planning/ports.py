"""What a register app may plug in: today a Source, which fills sections with facts (invariant 6).

A register app registers its Source when the app is ready; a section of a format names the sources
that fill it. Planning meets registers here and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mapro.core.models import Marking
from planning.models import Product, Quotation
from planning.products.definition import Section

DIGEST = 12  # hexadecimal digits of a quotation's digest


@dataclass(frozen=True)
class Fact:
    """One entry of a register as documents show it.

    ``words`` are what a quotation holds, ``html`` what a section shows (sanitized vocabulary).
    ``marking`` is its own handling marking, if it has one.
    """

    source: str
    key: str
    words: str
    html: str
    changed_at: datetime
    marking: Marking | None = field(default=None, compare=False)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of the SHA-256 of the words."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:DIGEST]

    @property
    def ref(self) -> str:
        """How a quotation names the fact as it reads now: ``dissents:12@0123456789ab``."""
        return f"{self.source}:{self.key}@{self.digest}"


class Source(Protocol):
    """A register that fills sections. ``label`` heads its content; empty for none."""

    key: str
    label: str

    def facts(self, product: Product) -> Sequence[Fact]:
        """Every fact that the product may show, in the order of the register.

        At most one query per effort: what was read is kept on ``product.effort``.
        """

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The HTML that stands in a section; empty when there is nothing to print."""


@dataclass(frozen=True)
class RegisterContent:
    """What a source puts into one section. ``as_of`` is the time of its newest fact, in words."""

    source: str
    label: str
    as_of: str
    html: str
    facts: tuple[Fact, ...] = field(default=(), compare=False)

    @property
    def marking(self) -> Marking | None:
        """The highest marking of its facts; None when none has one."""
        return highest(fact.marking for fact in self.facts)

    def plain(self) -> dict[str, object]:
        """As a snapshot holds it."""
        return {
            "source": self.source, "label": self.label, "as_of": self.as_of, "html": self.html,
            "facts": [fact.ref for fact in self.facts],
        }  # fmt: skip


def highest(markings: Iterable[Marking | None]) -> Marking | None:
    """The marking of the highest rank; None when there is none."""
    return max((m for m in markings if m is not None), key=lambda m: m.rank, default=None)


SOURCES: dict[str, Source] = {}


def plug_in(source: Source) -> None:
    """Register a source. Raises ValueError when its key is taken by another."""
    if SOURCES.get(source.key, source) is not source:
        raise ValueError(f"There is a source {source.key!r} already.")
    SOURCES[source.key] = source


def when(at: datetime) -> str:
    """A time as documents print it: “19 November 2026, 14:32Z”."""
    return f"{at:%d %B %Y, %H:%MZ}".lstrip("0")


def content_of(product: Product, section: Section) -> tuple[RegisterContent, ...]:
    """What the registers put into a section now."""
    found = []
    for name in section.sources:
        source = SOURCES[name]
        facts = tuple(source.facts(product))
        as_of = when(max(fact.changed_at for fact in facts)) if facts and source.label else ""
        html = source.content(product, facts)
        found.append(RegisterContent(name, source.label, as_of, html, facts))
    return tuple(found)


@dataclass(frozen=True)
class StaleQuotation:
    """A quotation whose fact reads otherwise now; ``now`` is None when the fact is gone."""

    source: str
    label: str
    fact: str
    digest: str
    now: Fact | None


def stale(product: Product, quotations: Iterable[Quotation]) -> list[StaleQuotation]:
    """Those of ``quotations`` that no longer say what their register says."""
    known: dict[str, Mapping[str, Fact]] = {}
    found = []
    for one in quotations:
        source = SOURCES.get(one.source)
        if source is None:
            continue
        if one.source not in known:
            known[one.source] = {fact.key: fact for fact in source.facts(product)}
        now = known[one.source].get(one.fact)
        if now is None or now.digest != one.digest:
            found.append(StaleQuotation(one.source, source.label, one.fact, one.digest, now))
    return found
