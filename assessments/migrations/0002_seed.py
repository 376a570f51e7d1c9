"""Countries, feeds and the lists that others keep."""

from typing import Any

from django.db import migrations

from assessments import seeds


def load(apps: Any, editor: Any) -> None:
    """Load the facts that the watch starts with."""
    seeds.load(*(apps.get_model("assessments", name) for name in ("Country", "Feed", "Watchlist")))


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
