"""Fork an effort: a branch or a sequel that starts from what was approved (Part II, Step 5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import Marking, User
from planning import framework, grants, states
from planning.actions.effort import free_slug, lay_out
from planning.actions.entry import copy_entries
from planning.actions.freeze import portion_of_text
from planning.actions.words import MAX_WHY, in_a_line, said
from planning.models import (
    Effort,
    Membership,
    Picture,
    Product,
    SectionDraft,
    SectionRevision,
    Step,
    Version,
)
from planning.vocabulary import ForkKind, StepStatus

MAX_NAME = 120


@atomic()
def fork_effort(
    *, effort: Effort, kind: ForkKind, name: str, why: str, at: int, by: User
) -> Effort:
    """Open a branch or a sequel that takes over what was approved before step ``at``.

    The steps below ``at`` count as approved there; their products keep the very Versions, hash
    for hash, and ``at`` is open with the approved text of later products, where there is one, as
    its draft. The registers come along as they are now, entry for entry. So does the team, alternates and authorities of single steps excepted. Raises
    Invalid without a name or a reason, WrongState when a step below ``at`` is not approved.
    """
    name = in_a_line("name", name, need="Name the fork.", most=MAX_NAME)
    why = said("why", why, need="Say what makes it a plan of its own.", most=MAX_WHY)
    steps = list(effort.steps.order_by("number"))
    if at not in {s.number for s in steps if s.definition.gated}:
        raise Invalid({"at": f"Choose a step from 1 to {len(framework.STEPS) - 1}."})
    missing = [s for s in steps if 0 < s.number < at and s.status != StepStatus.APPROVED]
    if missing:
        raise WrongState(f"{missing[0]} is not approved, so nothing can start after it.")
    made = Effort.objects.create(
        slug=free_slug(name), name=name, country=effort.country, situation=effort.situation,
        goal=effort.goal, kind=effort.kind, crisis_since=effort.crisis_since,
        crisis_by=effort.crisis_by, exercise=effort.exercise, marking=effort.marking,
        confirm_hours=effort.confirm_hours, opened_by=by, parent=effort, fork=kind, forked_at=at,
    )  # fmt: skip
    laid = lay_out(made, {s.number: s.due_at for s in steps if s.due_at and s.number >= at})
    for old, new in zip(steps, laid, strict=True):
        if 0 < new.number < at:
            states.move(new, "inherit", opened_at=old.opened_at, approved_at=old.approved_at)
        elif new.number == at:
            states.try_move(new, "open", opened_at=timezone.now())
    _team(effort, made)
    _pictures(effort, made)
    copied = copy_entries(effort, made)
    products = _products(effort, made, laid, at, by)
    for code, on in (("effort.forked", effort), ("effort.opened", made)):
        record(
            code, by=by, on=on, effort_id=on.pk, label=made.name, why=why,
            new={"kind": str(kind), "from": effort.slug, "to": made.slug, "at": at},
            entries=copied, versions=[[v.product.key, v.number, v.sha256] for v in products],
        )  # fmt: skip
    return made


def _team(old: Effort, new: Effort) -> None:
    grants.install(new)
    rows = list(old.memberships.filter(step=None).select_related("user", "organization"))
    Membership.objects.bulk_create(
        Membership(effort=new, user=m.user, role=m.role, organization=m.organization) for m in rows
    )
    for user in {m.user for m in rows}:
        grants.refresh(new, user)


def _pictures(old: Effort, new: Effort) -> None:
    Picture.objects.bulk_create(
        Picture(
            effort=new, sha256=p.sha256, media_type=p.media_type, file=p.file, width=p.width,
            height=p.height, size=p.size, added_by=p.added_by, added_at=p.added_at,
        )
        for p in old.pictures.all()
    )  # fmt: skip


def _products(
    old: Effort, new: Effort, steps: Sequence[Step], at: int, by: User
) -> list[Version]:  # fmt: skip
    """Give the fork's products the approved text of the old ones; the old versions taken over."""
    approved = {
        p.key: p
        for p in old.products.filter(approved_version__isnull=False).select_related(
            "approved_version__marking", "step"
        )
    }
    there = {p.key: p for p in new.products.select_related("step")}
    for key, product in approved.items():
        if key not in there:
            there[key] = Product.objects.create(
                effort=new, step=steps[product.step.number], key=key, format=product.format,
                name=product.name,
            )  # fmt: skip
    taken = []
    for key, product in approved.items():
        version = product.approved_version
        if version is None:
            continue
        version.product = product
        copy = there[key]
        copy.outline = product.outline
        copy.effort = new
        if product.step.number < at:
            copy.approved_version = Version.objects.create(
                product=copy, number=1, snapshot=version.snapshot, sha256=version.sha256,
                marking=version.marking, frozen_by=version.frozen_by, frozen_at=version.frozen_at,
                approved_at=version.approved_at,
            )  # fmt: skip
            taken.append(version)
        copy.save(update_fields=["outline", "approved_version"])
        _text(old, copy, version, by)
    return taken


def _text(old: Effort, copy: Product, version: Version, by: User) -> None:
    """The frozen text as the draft of the copy, pictures under the fork's own address."""
    now = timezone.now()
    SectionDraft.objects.bulk_create(
        [
            SectionDraft(product=copy, key=o.section.key, portion=copy.effort.marking)
            for o in copy.definition.walk()
        ],
        ignore_conflicts=True,
    )
    drafts = {d.key: d for d in copy.sections.select_related("portion")}
    marks = {m.portion: m for m in Marking.objects.all()}
    history = []
    for row in version.snapshot["sections"]:
        draft = drafts.get(row["key"])
        if draft is None or not row["html"]:
            continue
        draft.body = row["html"].replace(f"/efforts/{old.slug}/", f"/efforts/{copy.effort.slug}/")
        draft.portion = marks.get(portion_of_text(row), draft.portion)
        draft.revision, draft.updated_by, draft.updated_at = 1, by, now
        history.append(
            SectionRevision(
                section=draft, revision=1, body=draft.body, portion=draft.portion, saved_by=by,
                saved_at=now,
            )
        )  # fmt: skip
    SectionDraft.objects.bulk_update(
        drafts.values(), ["body", "portion", "revision", "updated_by", "updated_at"]
    )
    SectionRevision.objects.bulk_create(history)
