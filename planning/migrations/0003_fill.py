"""What the efforts that were open before owe now: formats by key, files by effort, more products."""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

from planning import framework
from planning.products.annex_d import CATALOGUE


def fill(apps: Any, editor: Any) -> None:
    """Name the format of each product and the effort of each file; add the products owed."""
    product, section = (
        apps.get_model("planning", "Product"),
        apps.get_model("planning", "SectionDraft"),
    )
    rendition, version = (
        apps.get_model("planning", "Rendition"),
        apps.get_model("planning", "Version"),
    )
    product.objects.filter(format="").update(format=F("key"))
    of = version.objects.filter(pk=OuterRef("version_id")).values("product__effort_id")[:1]
    rendition.objects.filter(effort=None).update(effort_id=Subquery(of))
    for step in apps.get_model("planning", "Step").objects.select_related("effort").iterator():
        for key in framework.step(step.number).owes:
            made, new = product.objects.get_or_create(
                effort=step.effort, key=key, defaults={"step": step, "format": key}
            )
            if new:
                section.objects.bulk_create(
                    section(product=made, key=o.section.key, portion_id=step.effort.marking_id)
                    for o in CATALOGUE[key].walk()
                )


class Migration(migrations.Migration):
    """Data between two changes of the tables."""

    dependencies = [("planning", "0002_products")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
