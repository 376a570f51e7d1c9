"""``manage.py verify_audit``: prove that no audit event was changed, removed or inserted."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapro.core import audit
from mapro.core.models import AuditEvent, AuditHead


class Command(BaseCommand):
    """Walks every stream; exits 1 and names each broken place if the chain does not hold."""

    help = "Prove the hash chain of the audit trail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the breaks, or one line that says how much was proven."""
        broken = list(audit.verify())
        for place in broken:
            self.stderr.write(f"{place.stream} event {place.seq}: {place.reason}")
        if broken:
            raise CommandError(f"{len(broken)} breaks in the audit trail.")
        self.stdout.write(
            f"Audit trail proven: {AuditEvent.objects.count()} events "
            f"in {AuditHead.objects.count()} streams."
        )
