"""Options: recommended, adopted, adopted anew after a reopened decision; warnings overruled."""

from __future__ import annotations

import pytest

from dime.actions.option import adopt_option, end_overruling, overrule, recommend_option
from dime.models import Overruling
from dime.selectors.options import adoption_of, adoptions, content_of, standing_of
from mapro.core.errors import ContentChanged, Invalid, WrongState
from mapro.core.models import AuditEvent
from planning import actions
from planning.models import Entry, Step
from planning.vocabulary import StepStatus
from tests.options import kit
from tests.world import World


@pytest.fixture
def pair(world: World) -> tuple[Entry, Entry]:
    return kit.option(world, "One"), kit.option(world, "Two")


def where(*rows: Entry) -> list[str]:
    """Where options stand."""
    return [str(standing_of(kit.read(row))) for row in rows]


def adopt(world: World, entry: Entry, why: str = "It stops them soonest.") -> None:
    adopt_option(entry=kit.read(entry), why=why, by=world["authority"])


# ---------- recommend


def test_one_option_of_a_level_is_recommended(world: World, pair: tuple[Entry, Entry]) -> None:
    one, two = pair
    concept = kit.option(world, "Concept", level="concept")
    recommend_option(entry=kit.read(one), by=world["lead"], why="It costs least.")
    recommend_option(entry=kit.read(concept), by=world["lead"])
    assert where(one, two, concept) == ["recommended", "proposed", "recommended"]
    recommend_option(entry=kit.read(two), by=world["lead"])
    assert where(one, two, concept) == ["proposed", "recommended", "recommended"]
    told = AuditEvent.objects.filter(subject=f"entry:{one.pk}").values_list("code", flat=True)
    assert list(told) == ["entry.added", "option.recommended", "option.withdrawn"]
    with pytest.raises(WrongState, match="recommended already"):
        recommend_option(entry=kit.read(two), by=world["lead"])


def test_nothing_else_is_recommended(world: World, pair: tuple[Entry, Entry]) -> None:
    actor = kit.enter(world, "actors", name="Army")
    with pytest.raises(WrongState, match="no option"):
        recommend_option(entry=actor, by=world["lead"])
    actions.retire_entry(entry=pair[0], why="Weak.", by=world["member"])
    with pytest.raises(WrongState, match="Bring it back first"):
        recommend_option(entry=kit.read(pair[0]), by=world["lead"])


# ---------- adopt


def test_the_adopted_option_sets_the_others_of_its_level_aside(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    one, two = pair
    concept = kit.option(world, "Concept", level="concept")
    recommend_option(entry=kit.read(two), by=world["lead"])
    adopt(world, two)
    assert where(one, two, kit.nothing(world), concept) == [
        "set_aside", "adopted", "set_aside", "proposed",
    ]  # fmt: skip
    event = AuditEvent.objects.get(code="option.adopted")
    assert event.old == {"standing": "recommended"}
    assert event.detail["why"] == "It stops them soonest."
    assert event.detail["revision"] == kit.read(two).revision
    assert (event.detail["step"], event.detail["cycle"]) == (3, 1)
    told = AuditEvent.objects.filter(code="option.set_aside").values_list("label", flat=True)
    assert list(told) == ["OPT-1: One", "OPT-2: Do nothing"]


def test_doing_nothing_may_be_adopted(world: World, pair: tuple[Entry, Entry]) -> None:
    adopt(world, kit.nothing(world))
    assert where(kit.nothing(world), *pair) == ["adopted", "set_aside", "set_aside"]


def test_a_concept_is_adopted_beside_the_policy(world: World, pair: tuple[Entry, Entry]) -> None:
    concept = kit.option(world, "Concept", level="concept")
    adopt(world, pair[0])
    adopt(world, concept)
    assert where(pair[0], concept) == ["adopted", "adopted"]
    assert [(one.number, one.level) for one in adoptions(kit.fresh(world))] == [
        (1, "policy"), (4, "concept"),
    ]  # fmt: skip


def test_an_adoption_says_why(world: World, pair: tuple[Entry, Entry]) -> None:
    with pytest.raises(Invalid, match="Say why this one"):
        adopt(world, pair[0], why="  ")
    assert where(*pair) == ["proposed", "proposed"]


def test_an_adoption_holds_for_what_was_shown(world: World, pair: tuple[Entry, Entry]) -> None:
    one = pair[0]
    shown, content = kit.read(one).revision, content_of(kit.read(one))
    kit.change(world, one, summary="More of it.")
    with pytest.raises(ContentChanged, match="after you opened it"):
        adopt_option(entry=kit.read(one), why="So.", by=world["authority"], revision=shown)
    with pytest.raises(ContentChanged, match="package of OPT-1"):
        adopt_option(entry=kit.read(one), why="So.", by=world["authority"], content=content)
    assert where(one) == ["proposed"]


def test_an_adoption_holds_for_the_choice_that_stood(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    """Who read that nothing was adopted yet, or another, reads again."""
    one, two = pair
    third = kit.option(world, "Three")

    def choose(entry: Entry, stood: str) -> None:
        adopt_option(entry=kit.read(entry), why="So.", by=world["authority"], stood=stood)

    with pytest.raises(ContentChanged, match="No option is adopted now"):
        choose(one, "OPT-3")
    choose(one, "")
    with pytest.raises(ContentChanged, match="OPT-1 “One” is adopted now"):
        choose(two, "")
    choose(two, "OPT-1")
    with pytest.raises(ContentChanged, match="OPT-3 “Two” is adopted now"):
        choose(third, "OPT-1")
    assert where(one, two, third) == ["set_aside", "adopted", "set_aside"]


@pytest.mark.parametrize("register", ["measures", "objectives", "lines-of-effort"])
def test_a_change_of_the_package_is_a_change_of_the_option(
    world: World, pair: tuple[Entry, Entry], register: str
) -> None:
    one = pair[0]
    said: dict[str, dict[str, object]] = {
        "measures": {"name": "Talks", "option": "OPT-1"},
        "objectives": {"statement": "Stop it.", "options": ["OPT-1"]},
        "lines-of-effort": {"name": "Protect", "options": ["OPT-1"]},
    }
    before = content_of(kit.read(one))
    row = kit.enter(world, register, **said[register])
    entered = content_of(kit.read(one))
    assert entered != before
    assert content_of(kit.read(pair[1])) == content_of(kit.read(pair[1]))
    kit.change(world, row, **{row.definition.title.key: "Other words"})
    assert content_of(kit.read(one)) != entered
    with pytest.raises(ContentChanged):
        adopt_option(entry=kit.read(one), why="So.", by=world["authority"], content=entered)


def test_where_an_option_stands_is_no_part_of_what_it_says(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    before = content_of(kit.read(pair[0]))
    recommend_option(entry=kit.read(pair[0]), by=world["lead"])
    assert content_of(kit.read(pair[0])) == before
    adopt(world, pair[0])
    row = kit.read(pair[0])
    made = adoption_of(row, adoptions(row.effort))
    assert made is not None and made.content == content_of(row) == before


def test_the_authority_may_change_its_mind_until_the_step_is_approved(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    one, two = pair
    adopt(world, one)
    with pytest.raises(WrongState, match="adopted already"):
        adopt(world, one)
    adopt(world, two)
    assert where(one, two) == ["set_aside", "adopted"]


def decided(world: World, cycle: int = 1, status: StepStatus = StepStatus.APPROVED) -> None:
    """Bring Step 3 into a state, past its gate."""
    from django.utils import timezone

    at = timezone.now() if status is StepStatus.APPROVED else None
    Step.objects.filter(effort=world.effort, number=3).update(
        status=status, approved_at=at, cycle=cycle
    )


def test_another_option_takes_a_reopened_decision(world: World, pair: tuple[Entry, Entry]) -> None:
    one, two = pair
    decided(world)
    adopt(world, one)
    with pytest.raises(WrongState, match="Reopen Step 3 with a reason"):
        adopt(world, two)
    assert where(one, two) == ["adopted", "set_aside"]
    decided(world, cycle=2, status=StepStatus.OPEN)
    recommend_option(entry=kit.read(two), by=world["lead"])
    assert where(one, two) == ["adopted", "recommended"]
    decided(world, cycle=2)
    adopt(world, two, why="The events of the 24th.")
    assert where(one, two) == ["set_aside", "adopted"]
    assert [(a.number, a.cycle) for a in adoptions(kit.fresh(world))] == [(1, 1), (3, 2)]
    with pytest.raises(WrongState, match="Reopen Step 3"):
        adopt(world, one)


def test_the_same_option_may_be_adopted_anew_in_another_cycle(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    adopt(world, pair[0])
    decided(world, cycle=2)
    adopt(world, pair[0], why="It still holds.")
    made = adoption_of(kit.read(pair[0]), adoptions(kit.fresh(world)))
    assert made is not None and (made.why, made.cycle) == ("It still holds.", 2)


def test_the_history_of_each_option_tells_it(world: World, pair: tuple[Entry, Entry]) -> None:
    adopt(world, pair[1])
    page = world.client("member").get(pair[0].get_absolute_url()).content.decode()
    assert "set it aside" in page
    page = world.client("member").get(pair[1].get_absolute_url()).content.decode()
    assert "adopted it" in page and "It stops them soonest." in page


# ---------- overrule


def key_of(world: World, entry: Entry, kind: str) -> str:
    return kit.warned(world, entry, kind)[0].key


def test_a_warning_is_overruled_with_a_reason_and_may_count_again(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    one = pair[0]
    key = key_of(world, one, "no-assumption")
    with pytest.raises(Invalid, match="Say why"):
        overrule(entry=kit.read(one), warning=key, why="", by=world["member"])
    row = overrule(entry=kit.read(one), warning=key, why="None is needed.", by=world["member"])
    found = kit.warned(world, one, "no-assumption")[0]
    assert found.overruling == row and row.words == found.words
    assert kit.warned(world, pair[1], "no-assumption")[0].overruling is None
    event = AuditEvent.objects.get(code="warning.overruled")
    assert (event.detail["warning"], event.detail["why"]) == (key, "None is needed.")
    with pytest.raises(WrongState, match="overruled already"):
        overrule(entry=kit.read(one), warning=key, why="Again.", by=world["member"])
    end_overruling(overruling=row, by=world["lead"])
    assert kit.warned(world, one, "no-assumption")[0].overruling is None
    assert AuditEvent.objects.filter(code="overruling.ended").count() == 1
    with pytest.raises(WrongState, match="counts again already"):
        end_overruling(overruling=row, by=world["lead"])
    overrule(entry=kit.read(one), warning=key, why="After all.", by=world["member"])
    assert Overruling.objects.count() == 2


def test_a_warning_that_does_not_arise_is_not_overruled(
    world: World, pair: tuple[Entry, Entry]
) -> None:
    key = key_of(world, pair[0], "no-dates")
    kit.change(world, pair[0], first_effect="Days")
    with pytest.raises(WrongState, match="does not arise any more"):
        overrule(entry=kit.read(pair[0]), warning=key, why="So.", by=world["member"])


def test_an_overruling_holds_for_what_it_is_about_alone(world: World) -> None:
    one = kit.option(world)
    first, second = kit.pick(world, one, "contacts", "exercises")
    key = f"no-target:{first}"
    overrule(entry=kit.read(one), warning=key, why="Toward all.", by=world["member"])
    found = {w.key: w.overruling is not None for w in kit.warned(world, one, "no-target")}
    assert found == {key: True, f"no-target:{second}": False}
