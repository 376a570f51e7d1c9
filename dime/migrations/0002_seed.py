"""The tools of the Handbook."""

from typing import Any

from django.db import migrations

from dime import seeds


def load(apps: Any, editor: Any) -> None:
    """Load the tools that the toolbox starts with."""
    seeds.load(*(apps.get_model("dime", name) for name in ("Tool", "ToolVersion")))


class Migration(migrations.Migration):
    """Data alone."""

    dependencies = [("dime", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
