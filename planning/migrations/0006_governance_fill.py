"""What earlier efforts already say of crises; and what the tables before cannot hold."""

from typing import Any

from django.db import migrations


def fill(apps: Any, _: Any) -> None:
    """An effort that was opened in crisis planned so from the start."""
    for row in apps.get_model("planning", "Effort").objects.filter(kind="crisis"):
        row.crisis_since, row.crisis_by_id = row.opened_at, row.opened_by_id
        row.save(update_fields=["crisis_since", "crisis_by"])


def forget(apps: Any, _: Any) -> None:
    """Before the way back: no decision memos, no authorities of single steps, and every decision
    names somebody."""
    apps.get_model("planning", "Rendition").objects.filter(kind="decision").delete()
    apps.get_model("planning", "Membership").objects.exclude(step=None).delete()
    decisions = apps.get_model("planning", "Decision").objects.filter(decided_by=None)
    for row in decisions.select_related("submission__step__effort"):
        row.decided_by_id = row.submission.step.effort.opened_by_id
        row.save(update_fields=["decided_by"])


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("planning", "0005_governance")]
    operations = [migrations.RunPython(fill, forget)]
