"""Start a product, tailor its format to the effort, and keep formats for all efforts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from mapro.core.audit import record
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotAllowed
from mapro.core.models import User
from planning import framework
from planning.models import Effort, Product, ProductFormat, SectionDraft, Step
from planning.products import richtext, tailoring
from planning.products.annex_d import CATALOGUE
from planning.products.definition import ProductDefinition, from_json, to_json
from planning.products.outline import parse_outline
from planning.products.reading import ILLEGAL
from planning.vocabulary import StepStatus

MAX_NAME = 120
MAX_PRODUCTS = 500  # in one effort


def owe(effort: Effort, steps: Sequence[Step]) -> list[Product]:
    """The products that steps owe, each with its empty sections; part of another, recorded act."""
    products = Product.objects.bulk_create(
        Product(effort=effort, step=step, key=key, format=key)
        for step in steps
        for key in framework.step(step.number).owes
    )
    _add_sections(effort, [(p, o.section.key) for p in products for o in p.definition.walk()])
    return products


def _add_sections(effort: Effort, wanted: Sequence[tuple[Product, str]]) -> None:
    SectionDraft.objects.bulk_create(
        [SectionDraft(product=p, key=key, portion_id=effort.marking_id) for p, key in wanted],
        ignore_conflicts=True,  # a section that comes back brings its text
    )


# ---------- start


def formats_to_start() -> list[ProductDefinition]:
    """The formats that a team may start: those that no step owes, and an administrator's. One
    query."""
    own = {row.key: row.format for row in ProductFormat.objects.filter(retired=False)}
    return [d for d in CATALOGUE.values() if not d.owed] + list(own.values())


@atomic()
def start_product(*, effort: Effort, format: str, by: User, name: str = "") -> Product:  # noqa: A002
    """Start a product in a format that no step owes, such as minutes.

    ``name`` sets it apart from others in the same format. The effort must be locked. Raises
    Invalid for an unknown format or a missing name, WrongState while the format's step is closed.
    """
    name = " ".join(ILLEGAL.sub("", name).split())
    definition = next((d for d in formats_to_start() if d.key == format), None)
    if definition is None:
        raise Invalid({"format": "Choose a format from the list."})
    if len(name) > MAX_NAME:
        raise Invalid({"name": f"Keep the name below {MAX_NAME} characters."})
    keys = set(effort.products.values_list("key", flat=True))
    if len(keys) >= MAX_PRODUCTS:
        raise Invalid({"format": f"An effort has at most {MAX_PRODUCTS} products."})
    if definition.key in keys and not name:
        raise Invalid({"name": f"There is a product “{definition.title}” already; name this one."})
    base = (
        f"{definition.key}-{slugify(name)}".strip("-")[:36].strip("-") if name else definition.key
    )
    key = next(k for k in (base, *(f"{base}-{n}" for n in range(2, 999))) if k not in keys)
    step = effort.steps.get(number=definition.step)
    if step.status == StepStatus.LOCKED:
        raise Invalid({"format": f"Step {step.number} is not open yet; its products start then."})
    product = Product.objects.create(
        effort=effort, step=step, key=key, format=definition.key, name=name,
        outline=None if definition.key in CATALOGUE else to_json(definition),
    )  # fmt: skip
    _add_sections(effort, [(product, o.section.key) for o in definition.walk()])
    record(
        "product.started", by=by, on=product, effort_id=effort.pk, label=product.title,
        new={"key": key, "format": definition.key, "version": definition.version},
    )  # fmt: skip
    return product


# ---------- tailor


@atomic()
def tailor(
    *, product: Product, change: str, by: User, section: str = "", title: str = "", reason: str = "",
    by_places: int = 0,
) -> Product:  # fmt: skip
    """Change the outline for this effort: ``hide``, ``show``, ``rename``, ``add``, ``move`` or
    ``reset``.

    ``add`` puts a section with ``title`` behind ``section``; ``move`` moves by ``by_places``. The
    product must be locked. Raises Invalid with a sentence when the format does not allow it.
    """
    before = product.definition
    added = ""
    try:
        match change:
            case "hide":
                _nothing_lost(product, section)
                after = tailoring.hide(before, section, reason)
            case "show":
                after = tailoring.show(before, section)
            case "rename":
                after = tailoring.rename(before, section, title, product.effort.name)
            case "add":
                after, added = tailoring.add(before, title, section)
            case "move":
                moved = tailoring.move(before, section, by_places)
                after = tailoring.settle(moved, _published(product))
            case "reset":
                after = _published(product)
            case _:
                raise ValueError("Choose what to change.")
    except ValueError as error:
        raise Invalid({"outline": str(error)}) from error
    if after == before:
        return product
    same = product.format in CATALOGUE and after == CATALOGUE[product.format]
    product.outline = None if same else to_json(after)
    product.__dict__.pop("_definition", None)
    product.save(update_fields=["outline"])
    _add_sections(product.effort, [(product, o.section.key) for o in after.walk()])
    record(
        "product.tailored", by=by, on=product, effort_id=product.effort_id, label=product.title,
        change=change, section=added or section, title=title, reason=reason,
    )  # fmt: skip
    return product


def _nothing_lost(product: Product, key: str) -> None:
    """An added section goes for good, so only an empty one may."""
    added = any(
        s.key == key and s.changed == tailoring.ADDED for s in product.definition.every_section()
    )
    body = product.sections.filter(key=key).values_list("body", flat=True).first() or ""
    if added and not richtext.is_empty(body):
        raise ValueError("This added section holds text. Empty it first, then take it away.")


def _published(product: Product) -> ProductDefinition:
    """The format as it was published when the product was started."""
    if product.format in CATALOGUE:
        return CATALOGUE[product.format]
    row = ProductFormat.objects.get(key=product.format, version=product.definition.version)
    return row.format


# ---------- formats for all efforts


@atomic()
def save_format(
    *, by: User, key: str, title: str, label: str, layout: str, step: int, purpose: str,
    outline: str,
) -> ProductFormat:  # fmt: skip
    """Add a format for all efforts, or the next version of one.

    Without a ``key`` a format is added, and its key comes from the title. ``outline`` is text, a
    line per section (``planning.products.outline``). Products that were
    started before keep the version that they have. Raises NotAllowed unless ``by`` administers,
    Invalid for what is no format.
    """
    if not by.is_staff:
        raise NotAllowed("Only administrators keep formats for all efforts.")
    adds = not key
    key = slugify(key or title)[:30].strip("-") or "format"
    if key in CATALOGUE:
        raise Invalid(
            {
                "title"
                if adds
                else "key": "The Handbook's formats are tailored in an effort, not replaced; give another name."
            }
        )
    last = (
        ProductFormat.objects.select_for_update(no_key=True)
        .filter(key=key)
        .order_by("-version")
        .first()
    )
    if adds and last:
        raise Invalid(
            {"title": f"There is a format “{last.format.title}” already; change that one."}
        )
    data: Mapping[str, Any] = {
        "key": key, "label": label.strip() or title.strip(), "title": title.strip(),
        "layout": layout, "version": last.version + 1 if last else 1, "step": step,
        "purpose": purpose.strip(), "cite": "Format of this deployment", "owed": False,
    }  # fmt: skip
    wrong = {} if data["title"] else {"title": "This may not be empty."}
    if not 0 <= step < len(framework.STEPS):
        wrong["step"] = "Choose a step from 0 to 5."
    if wrong:
        raise Invalid(wrong)
    try:
        definition = from_json({**data, "sections": ()})
        definition = replace(definition, sections=parse_outline(outline))
    except ValueError as error:
        raise Invalid({"outline": str(error)}) from error
    if last and replace(last.format, version=definition.version) == definition and not last.retired:
        return last
    ProductFormat.objects.filter(key=key, retired=False).update(retired=True)
    made = ProductFormat.objects.create(
        key=key, version=definition.version, definition=to_json(definition), made_by=by,
        made_at=timezone.now(),
    )  # fmt: skip
    record(
        "format.saved", by=by, on=made, label=definition.title,
        new={"key": key, "version": made.version},
    )  # fmt: skip
    return made


@atomic()
def retire_format(*, row: ProductFormat, by: User) -> ProductFormat:
    """Start no more products in a format. Those that were started stay as they are."""
    if not by.is_staff:
        raise NotAllowed("Only administrators keep formats for all efforts.")
    if not row.retired:
        row.retired = True
        row.save(update_fields=["retired"])
        record("format.retired", by=by, on=row, label=row.format.title, version=row.version)
    return row
