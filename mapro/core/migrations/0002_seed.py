"""Organizations, markings, the shared cache table, and the guard of the audit trail."""

from typing import Any

from django.core.management import call_command
from django.db import migrations

from mapro.core import seeds

GUARD = """
CREATE FUNCTION core_audit_is_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER core_audit_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_audit_is_append_only();
"""
UNGUARD = """
DROP TRIGGER core_audit_append_only ON core_auditevent;
DROP FUNCTION core_audit_is_append_only();
"""


def load(apps: Any, editor: Any) -> None:
    """Load the facts that every deployment starts with."""
    seeds.load(apps.get_model("core", "Organization"), apps.get_model("core", "Marking"))


def guard(apps: Any, editor: Any) -> None:
    """PostgreSQL refuses to change or delete an audit event."""
    if editor.connection.vendor == "postgresql":
        editor.execute(GUARD)


def unguard(apps: Any, editor: Any) -> None:
    """Take the guard away."""
    if editor.connection.vendor == "postgresql":
        editor.execute(UNGUARD)


def cache_table(apps: Any, editor: Any) -> None:
    """The cache that all processes share."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Data and guards beside the tables."""

    dependencies = [("core", "0001_initial")]
    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(cache_table, migrations.RunPython.noop),
    ]
