"""The facts that every deployment starts with: organizations and markings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"

MARKINGS = (
    {"code": "U", "banner": "UNCLASSIFIED", "portion": "(U)", "rank": 10, "ground": "#216e1f"},
    {"code": "CUI", "banner": "CONTROLLED", "portion": "(CUI)", "rank": 20, "ground": "#502b85"},
)


def load(organization_model: Any, marking_model: Any) -> None:
    """Add what is missing; what an administrator changed stays."""
    known = {o.code: o for o in organization_model.objects.all()}
    for row in yaml.safe_load((DATA / "organizations.yaml").read_text(encoding="utf-8")):
        if row["code"] not in known:
            parent = known[row["parent"]] if row.get("parent") else None
            known[row["code"]] = organization_model.objects.create(**{**row, "parent": parent})
    for row in MARKINGS:
        marking_model.objects.get_or_create(code=row["code"], defaults=row)
