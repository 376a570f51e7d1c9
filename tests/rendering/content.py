"""Three kinds of content for any format: nothing, Country X, and the worst that passes the gate.

A snapshot here is what freezing makes (schema 2); no database is asked.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from planning.products import richtext
from planning.products.annex_d import CATALOGUE
from planning.products.definition import ProductDefinition, Section
from planning.products.document import Document, Picture, build, digest

KINDS = ("empty", "country_x", "worst")
BANNER = "UNCLASSIFIED // EXERCISE"
SCENARIOS = Path(__file__).resolve().parents[2] / "planning" / "scenarios"
AT = datetime(2026, 11, 19, 14, 32, tzinfo=UTC)
PHOTO, SEAL, CHART = "a" * 64, "b" * 64, "c" * 64

ARABIC = "تتواصل الغارات على قرى غرب كالن، وقد عبر 12 ألف لاجئ الحدود إلى الدولة المجاورة."
HEBREW = "הפשיטות על הכפרים נמשכות, ו-12 אלף פליטים חצו את הגבול."
CHINESE = "对西卡伦村庄的袭击仍在继续，已有一万二千名难民越境。"
EMOJI = "Reports: 🙂 🚩 ⚠"
LONG_WORD = "Verantwortungsdiffusion" * 13  # 299 letters
SENTENCES = (
    "The team holds that the trend of the past month continues unless one of its drivers changes.",
    "Two of the three reports agree; the third rests on a single source and is treated with care.",
    "What is not known is named here, with the office that can find it out and by when.",
    "Any visible step against the government raises the risk to American citizens for two weeks.",
    "Partners were told of the purpose of the work, and of no choice that is still open.",
    "The cost is an estimate of 14 November and is checked again before the package is submitted.",
)


def prose(words: int, seed: str = "") -> str:
    """About ``words`` words of plain sentences, parted into paragraphs of four."""
    turn = sum(seed.encode())
    text, count = [], 0
    while count < max(words, 8):
        text.append(SENTENCES[(turn + len(text)) % len(SENTENCES)])
        count += len(text[-1].split())
    return "\n\n".join(" ".join(text[i : i + 4]) for i in range(0, len(text), 4))


# ---------- Country X


@cache
def _scenario(key: str) -> Mapping[str, str]:
    path = SCENARIOS / "country_x" / f"{key}.yaml"
    if path.is_file():
        return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
    whole = yaml.safe_load((SCENARIOS / "country_x.yaml").read_text(encoding="utf-8"))
    return dict(whole["products"].get(key, {}))


def _country_x(definition: ProductDefinition, section: Section) -> str:
    text = _scenario(definition.key).get(section.key)
    if text is None:
        text = prose(section.hint_words, section.key)
    return richtext.clean(text) if text.startswith("<") else richtext.from_plain(text)


# ---------- the worst


def image(key: str, alt: str) -> str:
    """The tag of a stored picture."""
    return f'<img src="/efforts/country-x/pictures/{key}/" alt="{escape(alt)}">'


def big_table(rows: int = 60, columns: int = 8) -> str:
    """A table with a header row and a header column; each cell says where it is."""
    head = "".join(f'<th scope="col"><p>Column {c}</p></th>' for c in range(1, columns + 1))
    body = "".join(
        f'<tr><th scope="row"><p>Row {r}</p></th>'
        + "".join(f"<td><p>{r}.{c} of the plan</p></td>" for c in range(2, columns + 1))
        + "</tr>"
        for r in range(1, rows + 1)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


SPANS = (
    '<table><thead><tr><th rowspan="2"><p>Line of effort</p></th><th colspan="2"><p>Phase one</p>'
    '</th><th colspan="2"><p>Phase two</p></th></tr><tr><th><p>Lead</p></th><th><p>Support</p></th>'
    "<th><p>Lead 2</p></th><th><p>Support 2</p></th></tr></thead><tbody>"
    '<tr><th scope="row" rowspan="2"><p>Military efforts</p></th><td colspan="2"><p>DoD alone</p>'
    '</td><td><p>DoD</p></td><td rowspan="2"><p>State, until relieved</p></td></tr>'
    "<tr><td><p>Observe</p></td><td><p>Report</p></td><td><p>Hand over</p></td></tr>"
    f'<tr><th scope="row"><p>Words</p></th><td colspan="4"><p>{LONG_WORD}</p></td></tr>'
    f'<tr><th scope="row"><p dir="rtl">{ARABIC}</p></th><td><p>{CHINESE}</p><ul><li><p>In a cell'
    f"</p></li><li><p>Another</p></li></ul></td><td><p>{HEBREW}</p></td><td></td>"
    "<td><p>=1+1</p></td></tr></tbody></table>"
)
LISTS = (
    "<ul><li><p>First level</p><ol><li><p>Second level</p><ul><li><p>Third level</p><ul><li>"
    "<p>Fourth level</p></li></ul></li></ul></li><li><p>Second again</p></li></ol></li>"
    "<li><p>First again</p><p>An item of two paragraphs.</p></li></ul>"
    '<ol start="4"><li><p>Fourth of an ordered list</p></li><li><p>Fifth</p></li></ol>'
)
SCRIPTS = f"<p>{ARABIC}</p><p>{HEBREW}</p><p>{CHINESE}</p><p>{EMOJI}</p><p>{LONG_WORD}</p>"
MARKS = (
    '<p>Raids <strong>continue</strong>, with <em>looting</em>, <u>arson</u> and <s>rumors</s>: '
    'H<sub>2</sub>O, 10<sup>th</sup><sup data-note="Situation report 41, paragraph 3.">*</sup>. See '
    '<a href="https://example.org/report?a=1&amp;b=2">the report</a> or '
    '<a href="mailto:desk@example.org">the desk</a><sup data-note="Not before May.">*</sup>.<br>'
    "A line below.</p><h3>A heading inside</h3><p>After it.</p><h4>Below it</h4>"
    "<blockquote><p>Words of a witness, quoted.</p></blockquote>"
)  # fmt: skip
EVILS = (MARKS, big_table(), SPANS, LISTS, SCRIPTS, image(PHOTO, "A map of West Calen") + image(
    "d" * 64, "A chart that is lost"), image(CHART, "Raids by week"))  # fmt: skip


def _worst(section: Section, place: int, among: int) -> str:
    plain = richtext.from_plain(prose(section.hint_words * 10, section.key))
    return plain + "".join(EVILS[n] for n in range(len(EVILS)) if n % among == place)


@cache
def pictures() -> Mapping[str, Picture]:
    """A photo of 8 MB, a seal, and a chart on a clear ground."""
    return {
        PHOTO: _picture(noise(1_700, 1_600)),
        SEAL: _picture(Image.new("RGB", (300, 300), "#1a3a5c")),
        CHART: _picture(Image.new("RGBA", (640, 360), (30, 120, 60, 128))),
    }


def noise(width: int, height: int) -> Image.Image:
    """A picture that no compression makes smaller: 3 bytes for each pixel."""
    return Image.frombytes("RGB", (width, height), random.Random(0).randbytes(width * height * 3))


def _picture(image: Image.Image) -> Picture:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return Picture("image/png", out.getvalue(), image.width, image.height)


# ---------- snapshots


def _registers(
    definition: ProductDefinition, section: Section, kind: str
) -> Iterator[dict[str, str]]:
    for source in section.sources:
        if kind == "empty":
            continue
        if source == "outline":
            html = "<ol>" + "".join(
                f"<li><p>{escape(o.section.title)}</p></li>"
                for o in definition.walk() if o.depth == 1
            ) + "</ol>"  # fmt: skip
        else:
            html = (
                "<p><strong>USAID African Bureau</strong>, 18 November 2026, 17:20Z</p><blockquote>"
                "<p>Two relief organizations leave this week, and nothing replaces them.</p>"
                "</blockquote>"
            )
        label = {"outline": "", "dissents": "Dissents on record"}.get(source, source)
        yield {"source": source, "label": label, "as_of": "19 November 2026, 14:32Z", "html": html}


def snapshot(definition: ProductDefinition, kind: str, **changes: Any) -> dict[str, Any]:
    """What freezing this format with this ``kind`` of content gives; ``changes`` replace keys."""
    walked = list(definition.walk())
    writers = {
        "empty": lambda n, s: "",
        "country_x": lambda n, s: "" if "outline" in s.sources else _country_x(definition, s),
        "worst": lambda n, s: _worst(s, n, min(len(walked), len(EVILS))),
    }
    taken: dict[str, Any] = {
        "schema": 2,
        "product": definition.key,
        "label": definition.paper_label,
        "definition_version": definition.version,
        "title": definition.title,
        "layout": str(definition.layout),
        "language": "en",
        "effort": {"slug": "country-x", "name": "Country X", "country": "Country X, western Africa"},
        "header": [
            ["To", "Interagency Planning Team, Country X"], ["Through", "Supervisory Board"],
            ["From", "Under Secretary of State for Political Affairs"],
            ["Date", "19 November 2026, 11:40Z"], ["Subject", f"Country X: {definition.title}"],
        ],
        "designation": [
            ["Marking", BANNER], ["Prepared by", "Lead planner, CSO"],
            ["Controlled by", "Bureau of Conflict and Stabilization Operations"],
            ["Releasable to", "Members of the effort"], ["Handling", "Exercise material"],
        ],
        "marking": {"banner": BANNER, "portion": "(U)", "ground": "#216e1f"},
        "letterhead": {"lines": [], "seal": "", "ink": "#171716"},
        "sections": [
            {
                "key": o.section.key, "number": o.number, "title": o.section.title,
                "depth": o.depth, "portion": "(U)", "html": writers[kind](n, o.section),
                "registers": list(_registers(definition, o.section, kind)),
            }
            for n, o in enumerate(walked)
        ],
        "annexes": [],
    }  # fmt: skip
    if kind == "country_x":
        taken["letterhead"]["lines"] = [
            "United States Department of State", "Bureau of Conflict and Stabilization Operations",
        ]  # fmt: skip
    if kind == "worst":
        taken["letterhead"] = {
            "lines": ["United States Department of State", prose(30).replace("\n", " "), CHINESE],
            "seal": SEAL, "ink": "#1a3a5c",
        }  # fmt: skip
        taken["header"][3][1] = f"{ARABIC} {LONG_WORD}"
        taken["annexes"] = [
            {"title": "Changes to the format", "html": SPANS},
            {"title": "Dissenting opinions", "html": f"<p>{prose(900)}</p>{MARKS}"},
        ]
    if "marking" in changes:
        taken["designation"][0][1] = changes["marking"]["banner"]
    return taken | changes


def document(
    definition: ProductDefinition, kind: str, *, layout: str = "", approved: bool | None = None,
    **changes: Any,
) -> Document:  # fmt: skip
    """The Document of such a snapshot; approved unless it is empty."""
    taken = snapshot(definition, kind, **changes)
    return build(
        taken, approved=kind != "empty" if approved is None else approved, version=3,
        content_hash=digest(taken), created_at=AT, layout=layout,
        pictures=pictures() if kind == "worst" else {},
    )  # fmt: skip


def products() -> tuple[ProductDefinition, ...]:
    """Every format of the catalogue."""
    return tuple(CATALOGUE.values())
