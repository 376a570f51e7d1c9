"""The decision memo as PDF and Word: every word is in it, marked on each page, whatever was typed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from planning.actions import press
from planning.models import Rendition
from planning.products.decision_memo import memo
from planning.products.document import fragments
from planning.rendering import docx, pdf
from planning.vocabulary import Format, RenditionKind
from tests.rendering.pdfread import TaggedPdf
from tests.rendering.readback import READERS, Words, furniture, of_tags
from tests.unit.memo_record import BANNER, FREE, FULL, HOSTILE, changed, document, filled

RENDERERS = {"pdf": pdf.render, "docx": docx.render}
LETTER, MARGIN = 612, 72


@cache
def made() -> bytes:
    """The PDF of the full record."""
    return pdf.render(document(FULL)).content


def sayings(value: Any) -> list[str]:
    """The words of a record that people wrote: what holds a space and is no HTML, line by line."""
    if isinstance(value, Mapping):
        return [line for one in value.values() for line in sayings(one)]
    if isinstance(value, list):
        return [line for one in value for line in sayings(one)]
    if not isinstance(value, str) or " " not in value or value.startswith("<"):
        return []
    return [line for line in value.split("\n") if line]


@pytest.mark.parametrize("form", RENDERERS)
def test_every_word_is_in_the_file(form: str) -> None:
    built = document(FULL)
    words = Words(READERS[form](RENDERERS[form](built).content))
    assert [line for line in (*fragments(built), *furniture(built)) if line not in words] == []
    # Read from the record, so that a field that the memo forgets is missed.
    said = [line for line in sayings(FULL) if line not in FULL["letterhead"]["lines"]]
    said += ["The list names a protected witness.", "Fourteen organizations leave this week."]
    assert len(said) > 35
    assert [line for line in said if line not in words] == []
    hashes = [FULL["submission"]["package_hash"], *(v["sha256"] for v in FULL["versions"])]
    assert [one for one in hashes if one not in words] == []


def test_each_page_bears_the_marking_and_is_tagged_and_titled() -> None:
    read = TaggedPdf(made())
    assert len(read.pages) > 1
    for page in read.reader.pages:
        assert " ".join(page.extract_text().split()).count(BANNER) >= 2
    assert read.root["/MarkInfo"]["/Marked"]
    assert read.root["/Lang"] == "en"
    assert read.reader.metadata is not None
    assert read.reader.metadata.title == document(FULL).subject
    bookmarks = _titles(read.reader.outline)
    for section in document(FULL).sections:
        assert any(section.title in one for one in bookmarks), section.title


def _titles(outline: Any) -> list[str]:
    """The bookmarks of every level."""
    return [
        title
        for one in outline
        for title in (_titles(one) if isinstance(one, list) else [str(one.title)])
    ]


def test_the_dissents_stand_before_what_argues_for_the_package() -> None:
    text = of_tags(TaggedPdf(made()))
    assert text.index("protected witness") < text.index("Compare the count")
    assert text.index("protected witness") < text.index("Board majority")


def test_rows_of_its_tables_are_headed_for_screen_readers() -> None:
    heads = [one.text() for one in TaggedPdf(made()).of("TH")]
    assert {"DO-3", "Post", "Director, National Security Staff", "Quorum", "SHA-256"} <= set(heads)


def test_nothing_stands_beyond_the_margins(tmp_path: Path) -> None:
    """Hashes and long words break where their column ends."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    long = "Verantwortungsdiffusion" * 13
    seats = [{**FULL["seats"][1], "post": long, "reason": long}]
    file = tmp_path / "memo.pdf"
    file.write_bytes(pdf.render(document(changed(seats=seats))).content)
    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)
    edges = [float(one) for one in re.findall(rb'xMax="([0-9.]+)"', boxes.stdout)]
    assert len(edges) > 200
    assert max(edges) <= LETTER - MARGIN + 0.5


def test_a_decision_that_is_poor_in_everything_is_made_too() -> None:
    poor = changed(
        letterhead={}, versions=[], seats=[], debts=[], dissents=[], verbal=None, reopened=None,
        prepared_by="", controlled_by="",
        submission={"warnings": [], "ask": ""}, decision={"conditions": [], "guidance": []},
    )  # fmt: skip
    built = document(poor)
    for form, render in RENDERERS.items():
        words = Words(READERS[form](render(built).content))
        assert [line for line in fragments(built) if line not in words] == [], form


def test_the_same_record_gives_the_same_bytes() -> None:
    assert pdf.render(document(FULL)).content == made()


@pytest.mark.parametrize("approved", [True, False])
def test_the_press_makes_it_and_a_return_is_no_draft(approved: bool) -> None:
    """A decision that returns a package is as final as one that approves it."""
    for form, read in ((Format.PDF, READERS["pdf"]), (Format.DOCX, READERS["docx"])):
        wanted = Rendition(
            kind=RenditionKind.DECISION, format=form, approved=approved,
            payload={"memo": memo(FULL)},
        )  # fmt: skip
        file = press._MAKERS[RenditionKind.DECISION](wanted)
        assert "Go ahead on option one" in read(file.content)
        if form is Format.PDF:
            assert "version 1, draft" not in " ".join(TaggedPdf(file.content).pages)
            assert file.content == made()


def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("qpdf is not installed")
    file = tmp_path / "memo.pdf"
    file.write_bytes(made())
    said = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
    assert said.returncode == 0, said.stderr
    assert b"No syntax or stream encoding errors found" in said.stdout


@settings(max_examples=8)
@given(HOSTILE)
def test_whatever_was_typed_both_files_are_made(text: str) -> None:
    built = document(filled(dict.fromkeys(FREE, text)))
    assert pdf.render(built).pages >= 1
    assert docx.render(built).content
