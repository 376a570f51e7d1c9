"""Hostile content: nothing is fetched, nothing is read, nothing hangs, whatever a text says.

Each reference is tried three times: through the sanitizer, straight into the snapshot (as if the
sanitizer had failed), and straight into the finished page (as if everything but the fetcher had
failed). Python's audit hook counts what is opened and where anything connects; with the fetcher's
guard taken off it must count something, or these tests would prove nothing.
"""

from __future__ import annotations

import io
import itertools
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.urls import URLFetcher

from planning.products import richtext
from planning.products.annex_d import CATALOGUE
from planning.products.document import Document, build, digest
from planning.rendering import docx, htmlfile, pdf
from planning.rendering.base import RenderError
from tests.rendering import content
from tests.rendering.pdfread import TaggedPdf
from tests.rendering.test_every_product import assert_dead

TAB_01 = CATALOGUE["tab-01"]
SECRET = "TOP-SECRET-WORDS"
# Where a reference may point. {n} makes each address its own.
ADDRESSES = {
    "file": "{file}?{n}",
    "http": "http://127.0.0.1:9/{n}.png",
    "https": "https://127.0.0.1:9/{n}.png",
    "bare": "//127.0.0.1:9/{n}.png",
    "ftp": "ftp://127.0.0.1:9/{n}.png",
    "gopher": "gopher://127.0.0.1:9/{n}",
    "unc": "\\\\127.0.0.1\\share\\{n}.png",
    "path": "{path}",
    "up": "../../../../../../../..{path}",
    "scheme": "mapro-print:print/../../../../..{path}",
    "other": "mapro-print:picture/{n}",
    "smb": "smb://127.0.0.1/share/{n}.png",
    "jar": "jar:file://{path}!/x",
    "name": "file://localhost{path}",
}
# How a text may refer to it.
WAYS = (
    "<img src='{0}' alt='x'>",
    "<img srcset='{0} 2x' src='{0}' alt='x'>",
    "<picture><source srcset='{0}'><img src='{0}' alt='x'></picture>",
    "<link rel='stylesheet' href='{0}'>",
    "<link rel='attachment' href='{0}' title='x'>",
    "<a rel='attachment' href='{0}'>x</a>",
    "<style>@import '{0}';</style>",
    "<style>@import url({0});</style>",
    "<style>@font-face{{font-family:x;src:url({0})}}.f{{font-family:x}}</style><p class='f'>x</p>",
    "<style>@page letter{{background:url({0})}}</style>",
    "<style>@color-profile device-cmyk{{src:url({0})}}</style>",
    "<p style=\"background:url('{0}')\">x</p>",
    "<p style=\"background-image:image-set('{0}' 1x)\">x</p>",
    "<ul style=\"list-style-image:url('{0}')\"><li>x</li></ul>",
    "<p style=\"content:url('{0}')\">x</p>",
    "<style>.b::before{{content:url({0})}}</style><p class='b'>x</p>",
    "<style>.a::before{{content:attr(data-x url)}}</style><p class='a' data-x='{0}'>x</p>",
    "<p style=\"border:9px solid;border-image:url('{0}') 9\">x</p>",
    "<p style=\"mask:url('{0}')\">x</p>",
    "<object data='{0}' type='image/png'>x</object>",
    "<object data='{0}'>x</object>",
    "<embed src='{0}' type='image/svg+xml'>",
    "<iframe src='{0}'></iframe>",
    "<base href='{0}'><img src='x.png' alt='x'>",
    "<meta http-equiv='refresh' content='0;url={0}'>",
    "<svg width='9' height='9'><image href='{0}' width='9' height='9'/></svg>",
    "<svg width='9' height='9' xmlns:xlink='http://www.w3.org/1999/xlink'>"
    "<image xlink:href='{0}' width='9' height='9'/></svg>",
    "<svg width='9' height='9'><use href='{0}#x'/></svg>",
    "<svg width='9' height='9'><style>@import '{0}';</style><rect width='9' height='9'/></svg>",
    "<svg width='9' height='9'><rect fill='url({0}#x)' width='9' height='9'/></svg>",
    "<svg width='9' height='9'><a href='{0}'><text>x</text></a></svg>",
    "<video src='{0}' poster='{0}'></video>",
    "<audio src='{0}'></audio>",
    "<input type='image' src='{0}'>",
    "<table background='{0}'><tr><td background='{0}'>x</td></tr></table>",
    "<body background='{0}'>",
    "<script src='{0}'></script>",
    "<a href='{0}'>x</a>",
    "<sup data-note='&lt;img src=&quot;{0}&quot;&gt;'>*</sup>",
    "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e SYSTEM '{0}'>]><r>&e;</r>",
    "<?xml-stylesheet href='{0}'?><p>x</p>",
    "<math><mtext><img src='{0}' alt='x'></mtext></math>",
)  # fmt: skip
LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in itertools.pairwise("abcdefghij")
) + "]><l>&j;</l>"  # fmt: skip
INLINE = "data:image/svg+xml;utf8," + (
    f"<svg xmlns='http://www.w3.org/2000/svg'>{LAUGHS}<image href='file:///etc/hostname'/></svg>"
).replace("'", "%27").replace("<", "%3C").replace(">", "%3E").replace("#", "%23")
WHOLE = (
    f"<img alt='x' src='data:image/png;base64,{'A' * 1_000_000}'>",
    f"<img alt='x' src='{INLINE}'>",
    f"<p style='background:url({INLINE})'>x</p>",
    f"<p>{LAUGHS}</p>",
    f"<a href='javascript:alert(1)'>x</a><a href='{INLINE}'>y</a>",
    "<p>" + "&#x202e;" * 1_000 + "</p>",
    "<img src=x onerror=alert(1) alt='\"><script>alert(1)</script>'>",
    "</p></div></section></article></main></body></html><img src='file:///etc/hostname'>",
)


def corpus(path: Path) -> list[str]:
    """Every way to the first two addresses, each other address in two ways, and what stands alone."""
    numbers = itertools.count()

    def address(kind: str) -> str:
        return ADDRESSES[kind].format(file=path.as_uri(), path=path, n=next(numbers))

    found = [way.format(address(kind)) for kind in ("file", "http") for way in WAYS]
    found += [
        way.format(address(kind))
        for kind in list(ADDRESSES)[2:]
        for way in (WAYS[0], WAYS[11])
    ]  # fmt: skip
    return [*found, *WHOLE]


# ---------- what is counted


@dataclass
class Seen:
    """What this process opened and where it wanted to go."""

    files: list[str] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)


_watching: Seen | None = None
_hooked = False
_NET = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen"}
# What a render may open: its own assets, fonts that the system has, and what Python loads late.
_OWN = (
    *(str(folder) for folder in pdf.FOLDERS.values()), sys.prefix, sys.base_prefix,
    "/usr/share/fonts", str(htmlfile.SHEET), str(Path(pdf.__file__).parents[2] / "planning"),
)  # fmt: skip


def _hook(event: str, details: tuple[Any, ...]) -> None:
    if _watching is None or threading.current_thread() is not threading.main_thread():
        return
    if event in _NET:
        _watching.connections.append(f"{event} {details[:2]}")
        raise ConnectionRefusedError("The test lets nothing out.")
    if event == "open" and isinstance(details[0], str | bytes):
        name = details[0].decode() if isinstance(details[0], bytes) else details[0]
        reads = not (isinstance(details[1], str) and set(details[1]) & set("wax+"))
        if reads and not name.startswith(_OWN):
            _watching.files.append(name)


@contextmanager
def watched() -> Iterator[Seen]:
    """Count what is opened and connected to inside; connections are refused."""
    global _watching, _hooked  # noqa: PLW0603 - an audit hook cannot be taken off again
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked = True
    _watching = Seen()
    try:
        yield _watching
    finally:
        _watching = None


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that no render may read. It is a picture and a style sheet as far as names go."""
    path = tmp_path_factory.mktemp("outside") / "secret.svg"
    path.write_text(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>{SECRET}</text></svg>"
    )
    return path


@pytest.fixture(autouse=True)
def _warm() -> None:
    pdf.warm()  # what a process reads once is not counted


def hostile(path: Path, *, sanitized: bool) -> Document:
    """Tab 1 with the whole corpus in each field that takes HTML, and in each that takes words."""
    texts = corpus(path)
    short = [text for text in texts if len(text) < 400]
    taken = content.snapshot(TAB_01, "empty")
    groups = [texts[n::11] for n in range(11)]
    for row, group in zip(taken["sections"], groups, strict=True):
        bodies = [richtext.clean(text) if sanitized else text for text in group]
        row["html"] = "".join(bodies)
        row["registers"] = [
            {"source": "x", "label": short[0], "as_of": short[1], "html": "".join(bodies[:3])}
        ]
        row["title"] = row["title"] + short[2]
    alt, note = "\"'><img src='x' onerror=y>", "</sup><link rel=stylesheet href='http://x'>"
    taken["sections"][0]["html"] += (
        f'<img src="/efforts/country-x/pictures/{content.CHART}/" alt="{escape(alt)}">'
        f'<p>x<sup data-note="{escape(note)}">*</sup></p>'
    )
    taken["annexes"] = [{"title": short[3], "html": "".join(texts[:30])}]
    taken["title"] = f"Guidance {short[4]}"
    taken["effort"]["name"] = f"Country {short[5]}"
    taken["label"] = f"Tab {short[6]}"
    taken["header"] = [[f"To {short[7]}", "".join(short[8:20])], ["Date", short[20]]]
    taken["designation"] = [["Marking", short[21]], [short[22], short[23]]]
    taken["marking"]["banner"] = f"UNCLASSIFIED {short[24]}"
    taken["marking"]["portion"] = f"(U) {short[25]}"
    taken["letterhead"]["lines"] = short[26:28]
    return build(
        taken, approved=False, version=1, content_hash=digest(taken), created_at=content.AT,
        pictures=content.pictures(),
    )  # fmt: skip


def test_the_corpus_is_large_and_of_every_kind(secret: Path) -> None:
    found = corpus(secret)
    assert len(set(found)) == len(found) >= 110
    assert all(any(address.split("{")[0] in one for one in found) for address in ADDRESSES.values())


# ---------- nothing is fetched


@pytest.mark.parametrize("sanitized", [True, False])
@pytest.mark.parametrize("layout", ["memorandum", "document", "briefing"])
def test_hostile_fields_reach_nothing(layout: str, sanitized: bool, secret: Path) -> None:
    built = replace(hostile(secret, sanitized=sanitized), layout=layout)
    begun = time.process_time()
    with watched() as seen:
        made = pdf.render(built)
    assert (seen.files, seen.connections) == ([], [])
    assert time.process_time() - begun < 60
    read = TaggedPdf(made.content)
    assert SECRET not in read.text()
    assert_dead(read.reader)
    assert "onerror=y" in "".join(one.alt for one in read.of("Figure"))  # words, not markup
    assert {one.alt for one in read.of("Figure")} == {"\"'><img src='x' onerror=y>"}


@pytest.mark.parametrize("sanitized", [True, False])
def test_other_formats_reach_nothing(sanitized: bool, secret: Path) -> None:
    built = hostile(secret, sanitized=sanitized)
    docx.render(content.document(TAB_01, "empty"))  # python-docx reads its template once
    with watched() as seen:
        word = docx.render(built)
        page = htmlfile.render(built)
    assert (seen.files, seen.connections) == ([], [])
    assert SECRET.encode() not in word.content
    assert SECRET.encode() not in page.content


@pytest.mark.parametrize("sanitized", [True, False])
def test_the_html_file_holds_no_live_reference(sanitized: bool, secret: Path) -> None:
    """Only our own elements; addresses are pictures inside, anchors, and links to the web."""
    page = htmlfile.render(hostile(secret, sanitized=sanitized)).content.decode()
    found = _References()
    found.feed(page)
    assert found.tags <= set(
        "html head meta title style body main article div section nav header p span br h1 h2 h3 h4 h5 h6 "
        "strong em u s sub sup a ol ul li blockquote table colgroup col thead tbody tr th td figure "
        "img".split()
    )  # fmt: skip
    assert found.sources and all(re.match("data:image/png;base64,", s) for s in found.sources)
    assert all(re.match("#|https?://|mailto:", link) for link in found.links)
    assert not [name for name in found.attributes if name.startswith("on") or name == "srcset"]
    assert "http-equiv" in found.attributes  # our own policy
    assert page.count("<style>") == page.count("<meta http-equiv") == 1


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "src":
                self.sources.append(value or "")
            elif name == "href":
                self.links.append(value or "")


# ---------- the fetcher alone


def raw(markup: str) -> str:
    """A page that holds the markup as it is."""
    return (
        "<!doctype html><html lang='en'><head><title>x</title></head><body><main>"
        f"<article class='memo' data-marking='U' data-footer='x' data-hash='x'>{markup}</article>"
        "</main></body></html>"
    )


BARE = replace(content.document(TAB_01, "empty", approved=True), sections=())


def attempts(secret: Path, *, layout_only: bool) -> Iterator[tuple[str, Seen, bytes]]:
    """Each reference in a page of its own: what the render wanted, and what it gave."""
    for markup in corpus(secret):
        with watched() as seen:
            made = b""
            with suppress(RenderError):  # WeasyPrint does not catch what a color profile raises
                laid_out = pdf._laid_out(raw(markup), BARE, {})
                made = b"" if layout_only else pdf._written(laid_out, BARE, False).content
        yield markup, seen, made


def test_nothing_is_fetched_past_the_sanitizer(secret: Path) -> None:
    """The markup goes straight into the page, so that the fetcher alone stands guard."""
    begun, refused = time.process_time(), 0
    for markup, seen, made in attempts(secret, layout_only=False):
        assert (seen.files, seen.connections) == ([], []), markup
        if not made:
            refused += 1
            continue
        reader = PdfReader(io.BytesIO(made))
        names = reader.trailer["/Root"].get("/Names", {})
        assert "/EmbeddedFiles" not in names, markup
        assert SECRET.encode() not in made
    assert refused <= 2
    assert time.process_time() - begun < 120


def test_without_the_guard_it_would_be_fetched(
    secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same corpus with WeasyPrint's own fetcher: files are opened, connections tried."""
    press = pdf._press()
    monkeypatch.setattr(
        pdf, "_press", lambda: replace(press, fetcher=lambda pictures: URLFetcher())
    )
    files, nets = [], []
    for markup, seen, _ in attempts(secret, layout_only=True):
        if any(str(secret) in name for name in seen.files):
            files.append(markup)
        if seen.connections:
            nets.append(markup)
    assert len(files) >= 12
    assert len(nets) >= 12
    assert any("@import" in m for m in files) and any("<object" in m for m in nets)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1/", "data:text/css,x", "mapro-print:fonts/../print.css",
     "mapro-print:print//etc/passwd", "mapro-print:other/x", "mapro-print:print/", "/etc/passwd",
     "mapro-print:print/..", "mapro-print:picture/x", "MAPRO-PRINT:print/print.css",
     "mapro-print:print/%2e%2e/x", "mapro-print:print/print.css\x00.png"],
)  # fmt: skip
def test_the_fetcher_serves_print_assets_alone(address: str) -> None:
    with pytest.raises(ValueError, match="asset|null byte"):
        pdf.asset(address)
    assert b"@page" in pdf.asset("mapro-print:print/print.css")
