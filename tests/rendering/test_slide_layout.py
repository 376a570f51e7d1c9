"""What the style sheet of slides has to keep: a picture's shape, and room below a heading."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from PIL import Image

from planning.products.document import Document, Picture, build
from planning.rendering import pdf

KEY = "a" * 64
FIGURE = f'<figure><img src="/efforts/x/pictures/{KEY}/" alt="Map of Country X"></figure>'


def briefing(html: str, width: int = 1_440, height: int = 1_200) -> Document:
    """One section whose register content is ``html``; a picture of so many pixels."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "PNG")
    register = {"source": "x", "label": "Of the watch", "as_of": "", "facts": [], "html": html}
    snapshot: dict[str, Any] = {
        "schema": 2, "title": "Overview", "label": "Tab 3", "layout": "briefing", "language": "en",
        "effort": {"slug": "x", "name": "Country X", "country": "Country X"},
        "header": [], "designation": [], "letterhead": {}, "annexes": [],
        "marking": {"banner": "U", "portion": "(U)", "ground": "#216e1f", "rank": 1},
        "sections": [
            {"key": "a", "number": "1", "title": "Background", "depth": 1, "portion": "(U)",
             "html": "", "registers": [register]},
        ],
    }  # fmt: skip
    return build(
        snapshot, approved=True, version=1, content_hash="0" * 64,
        created_at=datetime(2026, 11, 19, tzinfo=UTC),
        pictures={KEY: Picture("image/png", out.getvalue(), width, height)},
    )  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(1_440, 1_200), (1_920, 500), (300, 1_800)])
def test_a_picture_that_is_made_smaller_keeps_its_shape(width: int, height: int) -> None:
    file = pypdf.PdfReader(io.BytesIO(pdf.render(briefing(FIGURE, width, height)).content))
    drawn = [
        (abs(float(met[1])), abs(float(met[2])))
        for page in file.pages
        for met in re.finditer(
            rb"(-?[\d.]+) 0 0 (-?[\d.]+) [\d.]+ [\d.]+ cm\s+/i[0-9a-f]+ Do",
            page.get_contents().get_data(),
        )
    ]
    assert len(drawn) == 1
    assert drawn[0][0] / drawn[0][1] == pytest.approx(width / height, rel=0.01)


def test_a_heading_takes_no_more_room_than_the_plan_gives_it() -> None:
    """A list below a register's heading spilled onto a page without a title."""
    rows = "".join(f"<li><p>Point {n} that planners know.</p></li>" for n in range(30))
    file = pypdf.PdfReader(io.BytesIO(pdf.render(briefing(f"<ul>{rows}</ul>" * 3)).content))
    untitled = [
        number
        for number, page in enumerate(file.pages, 1)
        if number > 1 and "Background" not in page.extract_text()
    ]
    assert untitled == []
