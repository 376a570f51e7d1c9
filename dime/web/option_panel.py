"""What the page of an option shows at its head: where it stands, warnings, its package in short."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from dime.registers.options import OPTIONS
from dime.selectors import board as boards
from dime.selectors.options import level_of
from planning.models import Entry
from planning.web.entry_told import VERBS
from planning.web.panels import PANELS, Panel


def _panel(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    if entry.retired_at is not None:
        return {"column": None}
    column = boards.alone(entry)
    return {
        "column": column,
        "level": level_of(entry),
        "warning_groups": boards.grouped(column.warnings),
        "from": "",
        "refused_kind": request.POST.get("kind", ""),
    }


PANELS[OPTIONS.key] = Panel("dime/_option.html", _panel)
VERBS.update(
    {
        "option.recommended": "recommended it",
        "option.withdrawn": "recommended another instead",
        "option.adopted": "adopted it",
        "option.set_aside": "set it aside",
        "option.copied": "copied it from another option",
        "warning.overruled": "overruled a warning",
        "overruling.ended": "let a warning count again",
    }
)
