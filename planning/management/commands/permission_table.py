"""``manage.py permission_table``: print the permission and route tables as Markdown.

``--check`` compares with ``docs/permissions.md``; ``--write`` writes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from planning import selectors
from planning.routes import ROUTES


class Command(BaseCommand):
    """The page is made from the tables, so it cannot say anything else."""

    help = "Print, write or check docs/permissions.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """Print by default."""
        parser.add_argument("--write", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the page."""
        path = Path(settings.BASE_DIR) / "docs" / "permissions.md"
        page = self._page()
        if options["write"]:
            path.write_text(page, encoding="utf-8")
        elif options["check"]:
            if not path.is_file() or path.read_text(encoding="utf-8") != page:
                raise CommandError(
                    "docs/permissions.md is out of date: manage.py permission_table --write"
                )
        else:
            self.stdout.write(page)

    def _page(self) -> str:
        lines = [
            "# Who may do what",
            "",
            "Printed by `manage.py permission_table --write` from `planning/policies.py` and",
            "`planning/routes.py`; `bin/check` refuses a page that says anything else.",
            "",
            "Observers and partners hold no right yet, because nothing can be released to them.",
            "Nobody votes on or decides what they submitted. Whose turn it is otherwise, the mandates",
            "say (`planning/mandates.py`): an alternate votes or decides only while standing in for",
            "somebody, a recused member does neither, and where a higher level decides a step, the",
            "effort's own authority does not. A delegation or a recusal is ended by its holder or by",
            "who gave it. A dissent is withdrawn by its author alone, and nobody co-signs or rules",
            "on their own. What may not be seen answers 404.",
            "",
            "| act | permission | roles | while the step is |",
            "|---|---|---|---|",
        ]
        for row in selectors.permission_table():
            states = ", ".join(row["states"]) if len(row["states"]) < 6 else "in any state"  # noqa: PLR2004
            lines.append(
                f"| {row['words']} | `{row['permission']}` | {', '.join(row['roles'])} | {states} |"
            )
        lines += ["", "## Routes", "", "| route | method | takes |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {method} | {needed.value} |"
            for name, methods in ROUTES.items()
            for method, needed in methods.items()
        ]
        return "\n".join(lines) + "\n"
