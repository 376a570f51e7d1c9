"""What a board's votes amount to under each way of deciding. Pure: no ORM, no clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from planning.vocabulary import Position, Way

CONCURS = frozenset({Position.CONCUR, Position.CONCUR_COMMENT})


@dataclass(frozen=True)
class Ballot:
    """One seat: its position, None while it has none; ``recused`` when it takes no part."""

    position: Position | None = None
    recused: bool = False


@dataclass(frozen=True)
class Tally:
    """The count, and whether the way of deciding is satisfied.

    ``seats`` can vote; recused ones are not among them. ``lacks`` says in words what an approval
    still needs, empty when it is ``carried``. ``reachable`` is False when too few can vote for the
    quorum, whatever they do.
    """

    concur: int
    nonconcur: int
    abstain: int
    out: int
    recused: int
    lacks: str = ""
    reachable: bool = True

    @property
    def seats(self) -> int:
        """How many seats can vote."""
        return self.concur + self.nonconcur + self.abstain + self.out

    @property
    def carried(self) -> bool:
        """Whether the package may be approved."""
        return not self.lacks

    @property
    def words(self) -> str:
        """“3 concur, 1 nonconcurs, 1 out”."""
        parts = [
            (self.concur, "concurs", "concur"), (self.nonconcur, "nonconcurs", "nonconcur"),
            (self.abstain, "abstains", "abstain"), (self.out, "out", "out"),
            (self.recused, "recused", "recused"),
        ]  # fmt: skip
        return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n)


def tally(
    way: Way, quorum: int, ballots: Sequence[Ballot], silence_until: datetime | None, now: datetime
) -> Tally:
    """Count ``ballots``. ``quorum`` is how many seats must take a position, 0 for none; an
    abstention is one, and so is silence in a silence procedure."""
    voting = [b.position for b in ballots if not b.recused]
    counted = Tally(
        concur=sum(p in CONCURS for p in voting),
        nonconcur=voting.count(Position.NONCONCUR),
        abstain=voting.count(Position.ABSTAIN),
        out=voting.count(None),
        recused=sum(b.recused for b in ballots),
    )
    if counted.seats < quorum:
        few = "seat" if counted.seats == 1 else "seats"
        lacks = (
            f"The quorum is {quorum}, and {counted.seats} {few} can vote. Name a substitute for "
            "a recused or absent member."
        )
        return _with(counted, lacks, reachable=False)
    taken = counted.seats - counted.out
    if way is not Way.SILENCE and taken < quorum:
        return _with(counted, f"The quorum is {quorum}; {taken} have taken a position.")
    return _with(counted, _missing(way, counted, silence_until, now))


def _with(counted: Tally, lacks: str, *, reachable: bool = True) -> Tally:
    return Tally(
        counted.concur, counted.nonconcur, counted.abstain, counted.out, counted.recused, lacks,
        reachable,
    )  # fmt: skip


def _missing(way: Way, counted: Tally, silence_until: datetime | None, now: datetime) -> str:
    match way:
        case Way.MAJORITY if counted.concur * 2 <= counted.seats:
            return (
                f"A majority is {counted.seats // 2 + 1} of {counted.seats} seats; "
                f"{counted.concur} concur."
            )
        case Way.UNANIMITY if counted.nonconcur:
            return f"Unanimity is broken: {counted.nonconcur} nonconcur."
        case Way.UNANIMITY if counted.out:
            return f"Unanimity needs every seat; {counted.out} of {counted.seats} are out."
        case Way.UNANIMITY if not counted.concur:
            return "Unanimity needs at least one seat that concurs."
        case Way.SILENCE if counted.nonconcur:
            return f"Silence is broken: {counted.nonconcur} nonconcur."
        case Way.SILENCE if not counted.seats:
            return "Nobody sits on the board who could break the silence."
        case Way.SILENCE if silence_until is None or now < silence_until:
            until = f"{silence_until:%d %b %H:%MZ}".lstrip("0") if silence_until else "a deadline"
            return f"The silence procedure runs until {until}."
        case _:
            return ""
