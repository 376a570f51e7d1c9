"""THE gating rule: small named checks, each returning what it objects to.

A step goes before the board only when no check blocks. Every objection is reported at once, with
the place where it is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from mapro.core.errors import Objection
from planning.models import DueOut, Effort, Product, Step
from planning.progress import ProductRow, members_of, open_due_outs, products_of
from planning.vocabulary import EffortKind, Origin, Role, StepStatus, Way


@dataclass(frozen=True)
class Case:
    """What the checks look at, read once. ``earlier`` are the gated steps before, in order;
    ``products`` would go into the package, ``siblings`` are all of the step."""

    step: Step
    effort: Effort
    earlier: tuple[Step, ...]
    products: tuple[ProductRow, ...]
    open: tuple[DueOut, ...]
    roles: frozenset[str]
    seats: int
    siblings: tuple[Product, ...] = ()

    @property
    def hasty(self) -> bool:
        """Whether the effort plans in crisis, so that the hasty minimum is enough."""
        return self.effort.kind == EffortKind.CRISIS


Check = Callable[[Case], Iterable[Objection]]


def said_in_time(step: Step, due_outs: Iterable[DueOut]) -> bool:
    """Whether a verbal approval of the whole of ``step`` stands and its term has not run out."""
    return step.status == StepStatus.SUBMITTED and any(
        d.step_id == step.pk
        and d.origin == Origin.VERBAL
        and not d.is_late
        and d.submission is not None
        and not d.submission.interim
        for d in due_outs
    )


def earlier_steps_approved(case: Case) -> Iterable[Objection]:
    """A step rests on the decisions before it (Part II: every step, however abbreviated)."""
    for step in case.earlier:
        if step.status != StepStatus.APPROVED and not said_in_time(step, case.open):
            yield Objection(
                "previous_step_not_approved",
                f"Step {step.number}, {step.title}, is not approved.",
                url=step.get_absolute_url(),
            )


def owed_products_complete(case: Case) -> Iterable[Objection]:
    """Every product that the step owes has its required sections; in crisis its hasty minimum.

    What the team started besides only warns, once something is written in it: it need not be in
    the package. What haste leaves out warns too, and is owed later.
    """
    for row in case.products:
        product = row.product
        owed = product.key in case.step.definition.owes
        if not owed and not row.written:
            continue
        name, slug = f"{product.definition.label}, {product.title}", case.effort.slug
        minimum = product.definition.hasty
        later = [o for o in row.due if owed and case.hasty and o.section.key not in minimum]
        if later:
            count = "1 section" if len(later) == 1 else f"{len(later)} sections"
            yield Objection(
                "sections_owed_later",
                f"{name}: {count} may wait in crisis planning, and are owed later.",
                blocks=False,
                url=reverse("product", args=[slug, product.key]),
            )
        for outlined in row.due:
            section = outlined.section
            if outlined not in later:
                yield Objection(
                    "section_empty",
                    f"{name}: “{section.title_for(case.effort.name)}” is empty.",
                    blocks=owed,
                    url=reverse("section", args=[slug, product.key, section.key]),
                )


def products_in_order(case: Case) -> Iterable[Objection]:
    """Options are decided only after they were approved for examination (Annex D, Tabs 6, 7)."""
    there = {product.key: product for product in case.siblings}
    for row in case.products:
        for key in row.product.definition.after:
            first = there.get(key)
            if first is not None and first.approved_version_id is None:
                label = first.definition.label
                yield Objection(
                    "product_out_of_order",
                    f"{row.product.definition.label} waits for {label}: submit {label} alone "
                    "first, and have it approved.",
                    url=reverse("step", args=[case.effort.slug, case.step.number]),
                )


def something_to_decide(case: Case) -> Iterable[Objection]:
    """Warns when a step owes no product: then the board decides on the request alone."""
    if not case.products:
        yield Objection(
            "no_product",
            "This step owes no product; the board decides on the request alone.",
            blocks=False,
        )


def conditions_met(case: Case) -> Iterable[Objection]:
    """Conditions of earlier decisions hold the next gate until they are met with evidence."""
    for due in case.open:
        if due.origin == Origin.CONDITION and due.step and due.step.number <= case.step.number:
            yield Objection(
                "condition_open", f"{due}, a condition on {due.step}, is not met: {due.text}",
                url=due.get_absolute_url(),
            )  # fmt: skip


def reopened_steps_reviewed(case: Case) -> Iterable[Objection]:
    """What rests on a reopened step is looked at again before it goes before the board."""
    for due in case.open:
        if due.origin == Origin.REOPENED and due.step_id == case.step.pk:
            yield Objection(
                "review_open", f"{due}: {due.text} Say what that changes here.",
                url=due.get_absolute_url(),
            )  # fmt: skip


def debts_in_term(case: Case) -> Iterable[Objection]:
    """A debt that is late holds the gate if an approval hangs on it; every other debt warns."""
    for due in case.open:
        if not due.came_from.is_debt or due.step is None or due.step.number > case.step.number:
            continue
        unconfirmed = due.origin == Origin.VERBAL and due.is_late
        yield Objection(
            "verbal_overdue" if unconfirmed else "debt_open",
            f"{due}, {due.came_from.label.lower()}: {due.text}",
            blocks=unconfirmed, url=due.get_absolute_url(),
        )  # fmt: skip


def authority_named(case: Case) -> Iterable[Objection]:
    """Somebody must be able to decide (Figure 6, element 4)."""
    if Role.AUTHORITY not in case.roles:
        yield Objection(
            "no_authority",
            "No Approving Authority is on the team, so nobody could decide.",
            url=reverse("team", args=[case.effort.slug]),
        )


def board_named(case: Case) -> Iterable[Objection]:
    """A board that has to decide must have its quorum; one that advises may be missing."""
    way = Way(case.step.way)
    needed = max(case.step.quorum, int(way is not Way.AUTHORITY))
    if case.seats < needed:
        yield Objection(
            "board_too_small",
            f"{way.label} with a quorum of {case.step.quorum} needs {needed} on the Supervisory "
            f"Board; {case.seats} are named.",
            url=reverse("team", args=[case.effort.slug]),
        )
    elif not case.seats and not case.step.definition.stays_open:
        yield Objection(
            "no_board",
            "No Supervisory Board member is on the team; the authority would decide alone.",
            blocks=False,
            url=reverse("team", args=[case.effort.slug]),
        )


CHECKS: tuple[Check, ...] = (
    earlier_steps_approved,
    owed_products_complete,
    products_in_order,
    conditions_met,
    reopened_steps_reviewed,
    debts_in_term,
    something_to_decide,
    authority_named,
    board_named,
)


@dataclass(frozen=True)
class Findings:
    """What a gate objects to, blockers first, and how many checks found nothing."""

    objections: tuple[Objection, ...]
    passed: int

    @property
    def blocked(self) -> bool:
        """Whether the step cannot go before the board."""
        return any(o.blocks for o in self.objections)


def examine(
    step: Step,
    earlier: Sequence[Step] | None = None,
    products: Sequence[ProductRow] | None = None,
    siblings: Sequence[Product] | None = None,
) -> Findings:
    """Run every check on ``step`` as it stands now.

    At most five queries, less what the caller knows: the ``earlier`` steps, the ``products`` of
    the package, their ``siblings`` in the step, and what the effort has already answered
    (``planning.progress``).
    """
    if not step.definition.gated:
        return Findings((), 0)
    effort = step.effort
    if earlier is None:
        earlier = list(effort.steps.filter(number__gt=0, number__lt=step.number))
        for one in earlier:
            one.effort = effort
    if products is None:
        products = [r for r in products_of(effort) if r.product.step.number == step.number]
    members = [m for m in members_of(effort) if m.user.is_active]
    case = Case(
        step, effort, tuple(s for s in earlier if s.definition.gated), tuple(products),
        tuple(open_due_outs(effort)),
        frozenset(m.role for m in members if m.step_id in {None, step.pk}),
        sum(m.role == Role.BOARD for m in members),
        tuple(siblings if siblings is not None else (row.product for row in products)),
    )  # fmt: skip
    found = [tuple(check(case)) for check in CHECKS]
    objections = sorted((o for each in found for o in each), key=lambda o: not o.blocks)
    return Findings(tuple(objections), sum(not each for each in found))


def objections(step: Step, earlier: Sequence[Step] | None = None) -> tuple[Objection, ...]:
    """Everything that the gate of ``step`` objects to now, blockers first."""
    return examine(step, earlier).objections


def rests_on_approvals(step: Step, earlier: Sequence[Step]) -> tuple[Objection, ...]:
    """What an approval of ``step`` still lacks below it, asked again when it is decided: a step or
    a condition may have been reopened while the board read."""
    case = Case(
        step, step.effort, tuple(earlier), (), tuple(open_due_outs(step.effort)), frozenset(), 0,
    )  # fmt: skip
    checks = (earlier_steps_approved, conditions_met, reopened_steps_reviewed)
    return tuple(objection for check in checks for objection in check(case))
