"""The count of a board's votes, against a second reading of the rules, over every small board."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.vocabulary import Position, Way
from planning.voting import Ballot, Tally, tally

NOW = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
DEADLINES = (None, NOW - timedelta(seconds=1), NOW, NOW + timedelta(seconds=1))
KINDS = (
    *(Ballot(position) for position in (None, *Position)),
    Ballot(None, recused=True),
    Ballot(Position.NONCONCUR, recused=True),
)
FOR = (Position.CONCUR, Position.CONCUR_COMMENT)
MOST = 4  # seats of the boards that are all tried


def ought(
    way: Way, quorum: int, board: Sequence[Ballot], until: datetime | None, now: datetime = NOW
) -> bool:
    """The rules once more, from what each way asks for."""
    seats = [ballot.position for ballot in board if not ballot.recused]
    votes = [position for position in seats if position is not None]
    against = Position.NONCONCUR in votes
    pro = len([position for position in votes if position in FOR])
    if way is Way.SILENCE:
        over = until is not None and until <= now
        return over and not against and bool(seats) and len(seats) >= quorum
    if len(votes) < quorum:
        return False
    if way is Way.MAJORITY:
        return pro > len(seats) - pro
    if way is Way.UNANIMITY:
        return len(votes) == len(seats) and not against and pro > 0
    return True


def boards() -> Iterator[tuple[Ballot, ...]]:
    """Every board of up to ``MOST`` seats, whatever their order."""
    for size in range(MOST + 1):
        yield from combinations_with_replacement(KINDS, size)


@pytest.mark.parametrize("way", Way)
def test_every_small_board_is_carried_as_the_rules_say(way: Way) -> None:
    tried: Counter[bool] = Counter()
    for board, quorum, until in product(boards(), range(MOST + 2), DEADLINES):
        carried = ought(way, quorum, board, until)
        found = tally(way, quorum, board, until, NOW)
        assert found.carried is carried, (way, quorum, board, until, found)
        tried[carried] += 1
    assert min(tried[True], tried[False]) > 100


@pytest.mark.parametrize("way", Way)
def test_the_count_is_the_board(way: Way) -> None:
    for board in boards():
        found = tally(way, 0, board, None, NOW)
        assert found.seats + found.recused == len(board)
        assert found.seats == found.concur + found.nonconcur + found.abstain + found.out
        assert found.recused == len([b for b in board if b.recused])
        assert found.out == len([b for b in board if b == Ballot()])


def test_the_order_of_seats_does_not_matter() -> None:
    board = (Ballot(), Ballot(Position.CONCUR), Ballot(Position.ABSTAIN), Ballot(recused=True))
    for way in Way:
        found = {tally(way, 2, one, NOW, NOW) for one in permutations(board)}
        assert len(found) == 1


BOARD = st.lists(st.sampled_from(KINDS), max_size=12)
QUORUM = st.integers(0, 14)
WAY = st.sampled_from(Way)
UNTIL = st.sampled_from(DEADLINES)


@given(WAY, QUORUM, BOARD, UNTIL)
def test_larger_boards_are_carried_as_the_rules_say(
    way: Way, quorum: int, board: list[Ballot], until: datetime | None
) -> None:
    found = tally(way, quorum, board, until, NOW)
    assert found.carried is ought(way, quorum, board, until)


@given(WAY, QUORUM, BOARD, UNTIL)
def test_a_seat_that_comes_to_concur_never_costs_the_package(
    way: Way, quorum: int, board: list[Ballot], until: datetime | None
) -> None:
    if not tally(way, quorum, board, until, NOW).carried:
        return
    for place, ballot in enumerate(board):
        if not ballot.recused:
            better = [*board[:place], Ballot(Position.CONCUR), *board[place + 1 :]]
            assert tally(way, quorum, better, until, NOW).carried


@given(WAY, QUORUM, BOARD, UNTIL)
def test_what_a_recused_seat_thinks_does_not_count(
    way: Way, quorum: int, board: list[Ballot], until: datetime | None
) -> None:
    silent = [Ballot(None, True) if ballot.recused else ballot for ballot in board]
    assert tally(way, quorum, board, until, NOW) == tally(way, quorum, silent, until, NOW)


@given(WAY, QUORUM, BOARD, UNTIL)
def test_a_quorum_is_out_of_reach_only_when_too_few_can_vote(
    way: Way, quorum: int, board: list[Ballot], until: datetime | None
) -> None:
    found = tally(way, quorum, board, until, NOW)
    all_concur = [b if b.recused else Ballot(Position.CONCUR) for b in board]
    best = tally(way, quorum, all_concur, NOW, NOW)
    assert found.reachable is (found.seats >= quorum)
    assert best.carried is (found.reachable and (way is Way.AUTHORITY or found.seats > 0))


@given(WAY, QUORUM, BOARD, UNTIL)
def test_what_is_missing_is_said(
    way: Way, quorum: int, board: list[Ballot], until: datetime | None
) -> None:
    found = tally(way, quorum, board, until, NOW)
    assert found.carried is (found.lacks == "")
    assert found.lacks == "" or found.lacks.endswith(".")


@pytest.mark.parametrize("seconds, carried", [(-1, False), (0, True), (1, True)])
def test_silence_is_over_at_its_deadline(seconds: int, carried: bool) -> None:
    now = NOW + timedelta(seconds=seconds)
    assert tally(Way.SILENCE, 0, [Ballot()], NOW, now).carried is carried


@pytest.mark.parametrize("concur, seats, carried", [
    (0, 0, False), (1, 1, True), (1, 2, False), (2, 3, True), (2, 4, False), (3, 4, True),
    (3, 5, True), (3, 6, False),
])  # fmt: skip
def test_a_majority_is_more_than_half(concur: int, seats: int, carried: bool) -> None:
    board = [Ballot(Position.CONCUR)] * concur + [Ballot(Position.ABSTAIN)] * (seats - concur)
    assert tally(Way.MAJORITY, 0, board, None, NOW).carried is carried


@pytest.mark.parametrize("way, quorum, board, until, words", [
    (Way.AUTHORITY, 3, "coo", None, "The quorum is 3; 1 have taken a position."),
    (Way.AUTHORITY, 2, "cr", None, "The quorum is 2, and 1 seat can vote."),
    (Way.AUTHORITY, 3, "ccr", None, "The quorum is 3, and 2 seats can vote."),
    (Way.MAJORITY, 0, "ccoo", None, "A majority is 3 of 4 seats; 2 concur."),
    (Way.UNANIMITY, 0, "cno", None, "Unanimity is broken: 1 nonconcur."),
    (Way.UNANIMITY, 0, "cco", None, "Unanimity needs every seat; 1 of 3 are out."),
    (Way.UNANIMITY, 0, "aa", None, "Unanimity needs at least one seat that concurs."),
    (Way.SILENCE, 0, "on", NOW, "Silence is broken: 1 nonconcur."),
    (Way.SILENCE, 0, "rr", NOW, "Nobody sits on the board who could break the silence."),
    (Way.SILENCE, 0, "oo", None, "The silence procedure runs until a deadline."),
    (Way.SILENCE, 0, "oo", NOW + timedelta(hours=1), "runs until 2 Mar 17:00Z."),
    (Way.SILENCE, 2, "o", NOW, "The quorum is 2, and 1 seat can vote."),
])  # fmt: skip
def test_the_words_for_what_is_missing(
    way: Way, quorum: int, board: str, until: datetime | None, words: str
) -> None:
    kinds = {
        "c": Ballot(Position.CONCUR), "n": Ballot(Position.NONCONCUR), "o": Ballot(),
        "a": Ballot(Position.ABSTAIN), "r": Ballot(recused=True),
    }  # fmt: skip
    assert words in tally(way, quorum, [kinds[one] for one in board], until, NOW).lacks


def test_the_words_of_a_count() -> None:
    assert Tally(1, 2, 0, 1, 1).words == "1 concurs, 2 nonconcur, 1 out, 1 recused"
    assert Tally(0, 0, 0, 0, 0).words == ""
    assert Tally(2, 1, 1, 0, 0).words == "2 concur, 1 nonconcurs, 1 abstains"
