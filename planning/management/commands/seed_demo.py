"""``manage.py seed_demo``: a sign-in for every role, and Country X waiting at Step 1."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from knox.models import AuthToken

from planning import actions, scenario

PASSWORD = "prevent-and-respond"  # noqa: S105 - the demo's, printed on purpose


class Command(BaseCommand):
    """Idempotent: what is there stays as it is."""

    help = "Load the demo: people, and the Country X effort at Step 1."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--json`` for scripts."""
        parser.add_argument(
            "--json", action="store_true", help="Print sign-ins and API tokens as JSON."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, then print the sign-ins. Refused in production."""
        if settings.MAPRO_MODE != "demo":
            raise CommandError("The demo has published passwords; it runs with MAPRO_MODE=demo.")
        script = scenario.load("country_x")
        with transaction.atomic():
            cast = scenario.people(script, PASSWORD)
            if scenario.staged(script, cast) is None:
                scenario.stage(script, cast)
                other = dict(script["other"])
                actions.open_effort(by=cast[other.pop("by")], exercise=True, **other)
        if options["json"]:
            self.stdout.write(json.dumps(self._accounts(script, cast), indent=1))
            return
        for row in script["people"]:
            self.stdout.write(f"{cast[row['key']].email:34} {row['post']}")
        self.stdout.write(f"Password of all: {PASSWORD}")

    def _accounts(self, script: dict[str, Any], cast: dict[str, Any]) -> list[dict[str, Any]]:
        """Sign-ins with fresh API tokens; a token is kept as a hash, so old ones are replaced."""
        AuthToken.objects.filter(user__in=cast.values()).delete()
        return [
            {
                "role": row["key"],
                "roles": row["roles"],
                "post": row["post"],
                "email": cast[row["key"]].email,
                "password": PASSWORD,
                "token": AuthToken.objects.create(cast[row["key"]])[1],
            }
            for row in script["people"]
        ]
