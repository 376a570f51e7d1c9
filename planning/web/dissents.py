"""Dissents of an effort: the record, entering one, joining it, what is said to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible
from planning import actions, progress, sources
from planning.models import Dissent, Effort, Submission
from planning.policies import access_dissent, access_effort
from planning.registers import REGISTERS
from planning.vocabulary import Perm, Ruling
from planning.web.frame import effort_context, perm, person

NAMES = ("product", "section", "submission", "fact")  # what may be disputed, by field
SUBMISSIONS = 20  # how many of the latest the form offers
ENTRIES = 50  # how many of each register
Options = list[tuple[str, str]]


def dissents(request: HttpRequest, slug: str) -> HttpResponse:
    """Every dissent, what stands first; enter one."""
    if request.method == "POST":
        return _enter(request, slug)
    return _page(request, access_effort(person(request), slug, to=perm(request)))


def _enter(request: HttpRequest, slug: str) -> HttpResponse:
    form = request.POST
    try:
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request), lock=True)
            made = actions.enter_dissent(
                effort=effort, words=form.get("words", ""), red_flag="red_flag" in form,
                by=person(request), **_named(effort, _disputed(form)),
            )  # fmt: skip
    except Invalid as error:
        return _page(request, effort, error=error, typed=form, status=error.status)
    flagged = " The Approving Authority is told at once." if made.red_flag else ""
    messages.success(request, f"{made} is on record. Nobody but you may withdraw it.{flagged}")
    return redirect("dissents", slug)


def _disputed(sent: QueryDict) -> dict[str, str]:
    """What a form or an address names as disputed, by field. The form's choice holds it all, as
    the query of an address would."""
    chosen = sent.get("subject")
    named = sent if chosen is None else QueryDict(chosen)
    return {name: value for name in NAMES if (value := named.get(name, ""))}


def _named(effort: Effort, of: dict[str, str]) -> dict[str, Any]:
    """The same as an action takes it. Raises NotVisible for what is not this effort's."""
    found: dict[str, Any] = {"section": of.get("section", ""), "fact": of.get("fact", "")}
    if "product" in of:
        found["product"] = effort.products.filter(key=of["product"]).select_related("step").first()
    if "submission" in of:
        found["submission"] = _submissions(effort).filter(pk=_number(of["submission"])).first()
    if None in found.values():
        raise NotVisible
    return found


def _number(value: str) -> int:
    return int(value) if value.isdecimal() else 0


def _submissions(effort: Effort) -> Any:
    return Submission.objects.filter(step__effort=effort).select_related("step").order_by("-pk")


def _page(
    request: HttpRequest, effort: Effort, *, status: int = 200, **extra: object
) -> HttpResponse:
    rows = sources.dissents_of(effort)
    standing = [row for row in reversed(rows) if row.withdrawn_at is None]
    context = effort_context(request, effort, "dissents")
    context |= {
        "standing": sorted(standing, key=lambda row: not row.red_flag),
        "withdrawn": [row for row in reversed(rows) if row.withdrawn_at is not None],
    }
    if context["can"]["dissent_enter"]:
        of = _disputed(request.POST or request.GET)
        subjects = list(_subjects(effort, of))
        context |= {"subjects": subjects, "chosen": _chosen(of, subjects)}
    return render(request, "planning/dissents.html", context | extra, status=status)


def _subjects(effort: Effort, of: dict[str, str]) -> Iterable[tuple[str, Options]]:
    """What the effort holds that may be disputed, in groups; of submissions only the latest, and
    the one that is disputed."""
    products = [row.product for row in progress.products_of(effort)]
    for product in products:
        label = product.definition.label
        whole = (_value(product=product.key), f"{label}. {product.title}")
        parts = [
            (
                _value(product=product.key, section=o.section.key),
                f"{label}, {o.number}. {o.section.title_for(effort.name)}",
            )
            for o in product.definition.walk()
        ]
        yield f"{label}. {product.title}", [whole, *parts]
    submissions = list(_submissions(effort)[:SUBMISSIONS])
    asked = _number(of.get("submission", ""))
    if asked and asked not in {one.pk for one in submissions}:
        submissions += _submissions(effort).filter(pk=asked)
    if submissions:
        yield (
            "Submissions",
            [
                (_value(submission=one.pk), f"{one.step}, submission {one.number}: {one.ask}")
                for one in submissions
            ],
        )
    yield from _entries(effort, of.get("fact", ""))


def _entries(effort: Effort, asked: str) -> Iterable[tuple[str, Options]]:
    """The first entries of each register, and the one that is disputed. One query."""
    found: dict[str, Options] = {key: [] for key in REGISTERS}
    rows = effort.entries.filter(register__in=REGISTERS, retired_at=None).defer("data", "words")
    for row in rows.order_by("register", "position", "pk"):
        fact = f"{row.register}:{row.number}"
        if len(found[row.register]) < ENTRIES or fact == asked:
            found[row.register].append((_value(fact=fact), f"{row}: {row.title}"))
    for key, options in found.items():
        if options:
            yield REGISTERS[key].label, options


def _value(**named: str | int) -> str:
    return urlencode([(name, named[name]) for name in NAMES if name in named])


def _chosen(of: dict[str, str], subjects: Iterable[tuple[str, Options]]) -> str:
    """The choice that stands in the form: what is named, or the product if its part is gone."""
    values = {value for _, options in subjects for value, _ in options}
    wanted = [_value(**of), _value(product=of.get("product", ""))]
    return next((value for value in wanted if value in values), "")


def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw one's own dissent."""

    def act(found: Dissent) -> str:
        actions.withdraw_dissent(dissent=found, why=request.POST.get("why", ""), by=person(request))
        return f"{found} is withdrawn; words and withdrawal stay on record."

    return _say(request, slug, pk, "withdraw", act)


def cosign(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Join somebody's dissent, or take that back."""

    def act(found: Dissent) -> str:
        if "take_back" in request.POST:
            actions.take_back_cosignature(dissent=found, by=person(request))
            return f"You no longer co-sign {found}; that you did stays on record."
        actions.cosign_dissent(dissent=found, by=person(request))
        return f"You co-sign {found}. You may take it back."

    return _say(request, slug, pk, "cosign", act)


def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put the lead's answer below a dissent."""

    def act(found: Dissent) -> str:
        actions.answer_dissent(
            dissent=found, words=request.POST.get("words", ""), by=person(request)
        )
        return f"The answer to {found} is on record."

    return _say(request, slug, pk, "answer", act)


def rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Put the authority's ruling below a dissent."""

    def act(found: Dissent) -> str:
        ruling = request.POST.get("ruling", "")
        if ruling not in set(Ruling):
            raise Invalid({"ruling": "Choose a ruling."})
        made = actions.rule_dissent(
            dissent=found, ruling=Ruling(ruling), words=request.POST.get("words", ""),
            by=person(request),
        )  # fmt: skip
        return f"{found} is ruled on: {made.ruled.label.lower()}."

    return _say(request, slug, pk, "rule", act)


def _say(
    request: HttpRequest, slug: str, pk: int, which: str, act: Callable[[Dissent], str]
) -> HttpResponse:
    """Do ``act`` on a dissent; refused words come back in their form."""
    try:
        with atomic():
            found = access_dissent(person(request), to=perm(request), pk=pk, effort__slug=slug)
            done = act(found)
    except Invalid as error:
        refused = {
            "dissent": pk, "which": which, "message": error.message, "fields": error.fields,
            "typed": request.POST,
        }  # fmt: skip
        effort = access_effort(person(request), slug, to=Perm.EFFORT_VIEW)
        return _page(request, effort, refused_reply=refused, status=error.status)
    messages.success(request, done)
    return redirect(f"{reverse('dissents', args=[slug])}#d-{pk}")
