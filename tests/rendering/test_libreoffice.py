"""LibreOffice opens every Word file, slide deck and workbook of the catalogue and converts it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from planning.products.annex_d import CATALOGUE
from planning.rendering import docx, pptx, xlsx
from tests.rendering.content import BANNER, document, products
from tests.rendering.readback import furniture, squeezed

pytestmark = pytest.mark.office

WORST = CATALOGUE["tab-07"]
WITHIN = 600  # seconds for all files together


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Country X's files in each office format, and the PDF of each."""
    folder = tmp_path_factory.mktemp("office")
    for definition in products():
        made = document(definition, "country_x")
        (folder / f"{definition.key}.docx").write_bytes(docx.render(made).content)
        (folder / f"{definition.key}-slides.pptx").write_bytes(pptx.render(made).content)
        if xlsx.has_tables(made):
            (folder / f"{definition.key}-tables.xlsx").write_bytes(xlsx.render(made).content)
    worst = document(WORST, "worst")
    (folder / "worst.docx").write_bytes(docx.render(worst).content)
    (folder / "worst-slides.pptx").write_bytes(pptx.render(worst).content)
    soffice = shutil.which("soffice")
    assert soffice, "bin/test runs this leg only where LibreOffice is"
    done = subprocess.run(
        [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", folder, *sorted(folder.glob("*.*x"))],
        text=True, capture_output=True, timeout=WITHIN, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_every_file_is_opened_and_holds_its_words(converted: Path) -> None:
    """Nothing is repaired away: titles and section titles of each product are in the conversion."""
    for definition in products():
        made = document(definition, "country_x")
        pages = PdfReader(converted / f"{definition.key}.pdf").pages
        text = squeezed(" ".join(page.extract_text() for page in pages))
        for words in (*furniture(made), *(s.title for s in made.sections)):
            assert squeezed(words) in text, (definition.key, words)


def test_the_marking_is_on_each_page_and_slide(converted: Path) -> None:
    for path in sorted(converted.glob("*.pdf")):
        if path.stem.endswith("-tables"):
            continue
        for number, page in enumerate(PdfReader(path).pages, start=1):
            text = " ".join(page.extract_text().split())
            assert text.count(BANNER) >= 2, (path.name, number)


def test_as_many_slides_as_were_planned(converted: Path) -> None:
    """A slide is a page: LibreOffice adds none and drops none."""
    for definition in products():
        planned = pptx.render(document(definition, "country_x")).pages
        pages = len(PdfReader(converted / f"{definition.key}-slides.pdf").pages)
        assert pages == planned, definition.key


def test_the_worst_is_opened_too(converted: Path) -> None:
    planned = pptx.render(document(WORST, "worst")).pages
    assert len(PdfReader(converted / "worst-slides.pdf").pages) == planned
    assert len(PdfReader(converted / "worst.pdf").pages) > 10
