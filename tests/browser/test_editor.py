"""The section editor against a small server of its own: nothing typed is lost, nothing odd saved."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from planning.products import richtext

pytestmark = pytest.mark.browser

STATIC = Path(__file__).resolve().parents[2] / "static"
PARTS = ("nodes", "pasted", "keeping", "compare", "presence", "tools")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FACT = "dissents:12@0123456789ab"
BODY = re.compile(r"^text$")
QUICK = 15_000  # milliseconds

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Section</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="/static/vendor/uswds/css/uswds.min.css">
<link rel="stylesheet" href="/static/css/mapro.css"><link rel="stylesheet" href="/static/css/editor.css">
<script type="module" src="/static/js/editor.js"></script></head><body>
<svg hidden>{symbols}</svg><main class="workspace"><div></div><div class="desk">
<h2 id="section-title">2. Situation</h2><p data-present hidden></p>
<form method="post" action="/section/" data-editor data-tiptap="/static/vendor/editor/editor.js"
 data-parts="{parts}" data-keep="mapro:{user}:7" data-label="Situation, text" data-conflict=""
 data-hint="40" data-pictures="/pictures/" data-presence="/presence/" data-signin="/sign-in/">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="revision" value="{revision}"><input type="hidden" name="format" value="html">
<div class="editor-bar"><div class="editor-toolbar" role="toolbar" aria-label="Text" hidden></div>
<p class="save-state" role="status"><svg class="ic" aria-hidden="true"><use href="#i-check"></use></svg>
<span>Nothing saved yet</span></p><div data-panel hidden></div></div>
<div class="kept" data-kept hidden></div>
<textarea class="usa-textarea body-field" name="body" aria-labelledby="section-title" rows="14">{body}</textarea>
<label class="usa-label" for="portion">Portion marking</label>
<select class="usa-select" id="portion" name="portion"><option>U</option><option>CUI</option></select>
<p class="buttons"><button class="usa-button" type="submit">Save</button>
<span class="small faint" data-words></span></p></form></div>
<aside class="side-rail"><button type="button" data-quote data-fact="{fact}"
 data-words="Two of the three reports agree.">Quote</button></aside></main></body></html>"""
SYMBOLS = "".join(
    f'<symbol id="i-{name}" viewBox="0 0 16 16"><path d="M3 8h10"/></symbol>'
    for name in ("check", "drafting", "stale", "stop", "lock")
)


class Section:
    """The state of the server: one section, who is signed in, how it answers."""

    def __init__(self) -> None:
        self.body = ""
        self.revision = 0
        self.by = "USAID African Bureau"
        self.user: str | None = "3"
        self.token = "first"
        self.answer: int | None = None  # a status that every save gets
        self.merged = ""
        self.present: list[dict[str, Any]] = []
        self.saves: list[dict[str, str]] = []
        self.presences: list[dict[str, list[str]]] = []
        self.tells = False  # of newer texts by presence, which would race with what a test types
        self.pictures: dict[str, tuple[bytes, str]] = {}
        self.problems: list[str] = []

    def save_elsewhere(self, body: str) -> None:
        """Somebody else saves."""
        self.body, self.revision = richtext.clean(body), self.revision + 1

    def save(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What the application's save does."""
        self.saves.append(fields)
        clean = richtext.clean(fields["body"])
        if int(fields["revision"]) != self.revision and clean != self.body:
            found = {
                "code": "stale_save", "detail": f"{self.by} saved this section.", "yours": clean,
                "theirs": self.body, "revision": self.revision, "by": self.by,
                "at": "2026-11-19T14:30:00+00:00",
            }  # fmt: skip
            return 409, found | ({"merged": self.merged} if self.merged else {})
        if clean != self.body:
            self.body, self.revision = clean, self.revision + 1
        return 200, {"revision": self.revision, "saved_at": "14:32Z", "empty": not clean,
                     "words": richtext.word_count(clean)}  # fmt: skip


def fields_of(kind: str, content: bytes) -> dict[str, tuple[str, bytes]]:
    """The fields of a multipart body: file name and content of each."""
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content
    )
    found = {}
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = (part.get_filename() or "", part.get_payload(decode=True) or b"")
    return found


def handler(section: Section) -> type[BaseHTTPRequestHandler]:
    """A request handler over ``section``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

        def reply(self, status: int, content: bytes | str, kind: str = "text/html") -> None:
            data = content.encode() if isinstance(content, str) else content
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(data)

        def json(self, status: int, content: dict[str, Any]) -> None:
            self.reply(status, json.dumps(content), "application/json")

        def do_GET(self) -> None:
            place = urlsplit(self.path)
            if place.path.startswith("/static/"):
                file = (STATIC / place.path.removeprefix("/static/")).resolve()
                if STATIC in file.parents and file.is_file():
                    kind = TYPES.get(file.suffix, "application/octet-stream")
                    return self.reply(200, file.read_bytes(), kind)
                return self.reply(404, "")
            if place.path.startswith("/efforts/"):
                found = section.pictures.get(place.path.split("/")[-2])
                return self.reply(200, found[0], found[1]) if found else self.reply(404, "")
            if place.path == "/sign-in/":
                section.user, section.token = "3", "second"
                return self.reply(200, "<!doctype html><title>Signed in</title>")
            if place.path != "/section/":
                return self.reply(404, "")
            if section.user is None:
                return self.reply(200, "<!doctype html><title>Sign in</title><form></form>")
            if place.query == "json=1":
                return self.json(200, {"body": section.body, "revision": section.revision,
                                       "saved_at": "14:31Z", "by": section.by})  # fmt: skip
            parts = " ".join(f"/static/js/editor/{name}.js" for name in PARTS)
            return self.reply(200, PAGE.format(
                symbols=SYMBOLS, parts=parts, user=section.user, token=section.token,
                revision=section.revision, body=escape(section.body), fact=FACT,
            ))  # fmt: skip

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers["Content-Type"]
            if self.path == "/presence/":
                asked = parse_qs(content.decode())
                section.presences.append(asked)
                if section.user is None:
                    return self.json(401, {"detail": "Sign in."})
                return self.json(200, {"present": section.present,
                                       "revision": section.revision if section.tells else 0,
                                       "by": section.by, "at": "2026-11-19T14:30:00+00:00",
                                       "gone": False})  # fmt: skip
            got = fields_of(kind, content)
            if section.user is None:
                return self.json(401, {"code": "signed_out", "detail": "Sign in."})
            if got["csrfmiddlewaretoken"][1].decode() != section.token:
                return self.reply(403, "<h1>Forbidden</h1>")
            if self.path == "/pictures/":
                return self.picture(got)
            if self.headers.get("X-Autosave") != "1":
                section.problems.append("a save without X-Autosave")
            if section.answer:
                return self.json(section.answer, {"detail": "Not now."})
            status, answer = section.save({k: v.decode() for k, (_, v) in got.items()})
            return self.json(status, answer)

        def picture(self, got: dict[str, tuple[str, bytes]]) -> None:
            name, data = got["picture"]
            alt = got["alt"][1].decode()
            if not data.startswith(b"\x89PNG"):
                return self.json(400, {"code": "invalid", "detail": "Something needs mending",
                                       "fields": {"picture": "This file is no picture."}})  # fmt: skip
            sha256 = hashlib.sha256(data).hexdigest()
            section.pictures[sha256] = (data, "image/png")
            src = f"/efforts/country-x/pictures/{sha256}/"
            return self.json(200, {"src": src, "alt": alt, "width": 1, "height": 1})

    return Handler


@pytest.fixture
def section() -> Section:
    """A section that nobody has written yet."""
    return Section()


@pytest.fixture
def base(section: Section) -> Iterator[str]:
    """The address of a server over the section."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(section))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


Opener = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, base: str, section: Section) -> Iterator[Opener]:
    """Opens the section in a page; a complaint of the browser fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_(context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = chromium.new_context(**options)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda line: trouble.append(line.text) if line.type == "error"
                and "status of" not in line.text and "net::ERR" not in line.text else None)  # fmt: skip
        page.goto(f"{base}/section/")
        page.locator("form[data-ready]").wait_for()
        return page

    yield open_
    for context in contexts:
        context.close()
    assert trouble == []
    assert section.problems == []


def body(page: Page) -> Any:
    """The editor."""
    return page.get_by_role("textbox", name="Situation, text")


def write(page: Page, words: str) -> None:
    """Type at the end."""
    body(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def says(page: Page, words: str | re.Pattern[str]) -> None:
    """The save state says so."""
    expect(page.locator(".save-state")).to_contain_text(words, timeout=QUICK)


def wait(holds: Callable[[], bool], page: Page) -> None:
    """Wait until it holds; the browser goes on meanwhile."""
    limit = time.monotonic() + QUICK / 1000
    while not holds():
        assert time.monotonic() < limit, "did not come true"
        page.wait_for_timeout(50)


def paste(page: Page, html: str, text: str = "") -> None:
    """Paste as a clipboard would."""
    page.evaluate(
        """([html, text]) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", text);
          document.querySelector(".prose").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [html, text],
    )


def tool(page: Page, name: str) -> None:
    """Press a button of a toolbar."""
    page.locator(".editor-toolbar").get_by_role("button", name=name, exact=True).click()


def unchanged(section: Section) -> None:
    """The sanitizer left the last save as the editor sent it."""
    assert section.saves[-1]["body"] == section.body


def test_it_saves_by_itself_and_counts_words(opened: Opener, section: Section) -> None:
    page = opened()
    write(page, "Raids continue in the west.")
    expect(page.locator("form [data-words]")).to_have_text("5 words; about 40 are usual")
    says(page, "Saved 14:32Z")
    assert section.body == "<p>Raids continue in the west.</p>"
    assert section.revision == 1
    assert page.evaluate("localStorage.length") == 0
    unchanged(section)


def test_it_saves_while_one_goes_on_typing(opened: Opener, section: Section) -> None:
    page = opened()
    page.clock.install()
    body(page).click()
    for _ in range(18):
        page.keyboard.type("x")
        page.clock.run_for(1000)
    wait(lambda: bool(section.saves), page)
    assert len(section.body) < len("<p></p>") + 18


def test_offline_text_is_kept_and_sent(opened: Opener, section: Section) -> None:
    page = opened()
    page.context.set_offline(True)
    write(page, "Typed without a connection.")
    says(page, re.compile(r"No connection\. Kept on this device, \d\d:\d\dZ; will be sent"))
    assert section.saves == []
    assert "without a connection" in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(False)
    says(page, "Saved")
    assert section.body == "<p>Typed without a connection.</p>"
    assert page.evaluate("localStorage.length") == 0


def test_retries_wait_longer_each_time(opened: Opener, section: Section) -> None:
    page = opened()
    section.answer = 503
    page.clock.install()
    posted: list[str] = []
    page.on("request", lambda r: posted.append(r.method) if "/section/" in r.url else None)
    write(page, "x")
    page.clock.run_for(1600)
    says(page, "did not answer (503)")
    for seconds, count in ((4, 1), (2, 2), (8, 2), (3, 3), (18, 3), (3, 4)):
        page.clock.run_for(seconds * 1000)
        page.wait_for_timeout(150)
        assert posted.count("POST") == count, seconds
    section.answer = None
    page.clock.run_for(60_000)
    says(page, "Saved")
    assert section.body == "<p>x</p>"


def test_signed_out_and_back_loses_nothing(opened: Opener, section: Section) -> None:
    page = opened()
    section.user = None
    write(page, "Written while signed out.")
    says(page, "Signed out; kept on this device.")
    assert section.saves == []
    link = page.locator(".save-state a")
    with page.context.expect_page() as other:
        link.click()
    other.value.wait_for_load_state()
    assert section.token == "second"
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    says(page, "Saved")
    assert section.body == "<p>Written while signed out.</p>"
    assert section.saves[-1]["csrfmiddlewaretoken"] == "second"
    write(page, " More.")
    wait(lambda: "More." in section.body, page)


def test_an_old_token_is_renewed(opened: Opener, section: Section) -> None:
    page = opened()
    section.token = "rotated"
    write(page, "Sent twice.")
    says(page, "Saved")
    assert section.body == "<p>Sent twice.</p>"


def test_text_is_not_saved_under_somebody_elses_name(opened: Opener, section: Section) -> None:
    page = opened()
    section.token, section.user = "theirs", "9"
    write(page, "Mine alone.")
    says(page, "somebody else is signed in now")
    page.wait_for_timeout(2500)
    assert section.saves == []
    assert "Mine alone." in page.evaluate("JSON.stringify(localStorage)")


def test_a_stale_save_shows_both_and_goes_on(opened: Opener, section: Section) -> None:
    section.save_elsewhere("<p>First.</p><p>Second.</p>")
    page = opened()
    section.save_elsewhere("<p>First.</p><p>Second, of theirs.</p><p>Third.</p>")
    write(page, " And mine.")
    says(page, "Not saved: changed by the USAID African Bureau")
    kept = page.locator("[data-kept]")
    sides = kept.locator(".two-texts > div")
    expect(sides.nth(0)).to_contain_text("Second. And mine.")
    expect(sides.nth(1)).to_contain_text("Second, of theirs.")
    expect(sides.nth(1).locator(".differs")).to_have_count(2)
    body(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Typed during it.")
    kept.get_by_role("button", name="Merge by hand").click()
    page.keyboard.press("Escape")
    kept.locator(".merge-block").nth(1).get_by_role("button", name="Insert at cursor").click()
    kept.get_by_role("button", name="Save the merged text").click()
    says(page, "Saved")
    assert section.body == ("<p>First.</p><p>Second. And mine. Typed during it.</p><p>Third.</p>")
    assert section.saves[-1]["revision"] == "2"
    expect(kept).to_be_hidden()


@pytest.mark.parametrize(("choice", "expected"), [
    ("Keep mine", "<p>One. Mine.</p>"), ("Take theirs", "<p>Theirs.</p>"),
])  # fmt: skip
def test_a_stale_save_is_settled(
    opened: Opener, section: Section, choice: str, expected: str
) -> None:
    section.save_elsewhere("<p>One.</p>")
    page = opened()
    section.save_elsewhere("<p>Theirs.</p>")
    write(page, " Mine.")
    page.get_by_role("button", name=choice).click(timeout=QUICK)
    says(page, "Saved")
    assert section.body == expected
    write(page, " On.")
    wait(lambda: "On." in section.body, page)


def test_a_clean_merge_is_offered_first_and_takes_what_was_typed_since(
    opened: Opener, section: Section
) -> None:
    section.save_elsewhere("<p>A.</p><p>B.</p>")
    page = opened()
    section.save_elsewhere("<p>A2.</p><p>B.</p>")
    section.merged = "<p>A2.</p><p>B. Mine.</p>"
    write(page, " Mine.")
    merged = page.get_by_role("button", name="Use the merged text")
    merged.wait_for(timeout=QUICK)
    assert page.locator("[data-kept] .buttons button").first.inner_text() == "Use the merged text"
    section.merged = "<p>A2.</p><p>B. Mine. Since.</p>"
    write(page, " Since.")
    merged.click()
    says(page, "Saved")
    assert section.saves[-2]["body"].endswith("<p>B. Mine. Since.</p>")
    assert section.body == "<p>A2.</p><p>B. Mine. Since.</p>"


def test_two_tabs_keep_their_own_text(opened: Opener, section: Section) -> None:
    one = opened()
    two = opened(one.context)
    one.context.set_offline(True)
    write(one, "Of the first tab.")
    write(two, "Of the second tab.")
    says(one, "Kept on this device")
    says(two, "Kept on this device")
    stored = one.evaluate("JSON.stringify(localStorage)")
    assert "first tab" in stored
    assert "second tab" in stored
    one.context.set_offline(False)
    says(one, re.compile("Saved|Not saved: changed"))
    says(two, re.compile("Saved|Not saved: changed"))
    conflict = one if "Not saved" in one.locator(".save-state").inner_text() else two
    conflict.get_by_role("button", name="Merge by hand").click()
    conflict.get_by_role("button", name="Insert at cursor").click()
    conflict.get_by_role("button", name="Save the merged text").click()
    says(conflict, "Saved")
    assert "first tab" in section.body
    assert "second tab" in section.body


def test_text_of_a_closed_page_comes_back(opened: Opener, section: Section) -> None:
    page = opened()
    page.route("**/section/", lambda route: route.abort() if route.request.method == "POST"
               else route.continue_())  # fmt: skip
    write(page, "Left behind.")
    says(page, "Kept on this device")
    still = opened(page.context)  # while the first page is open, its text is its own
    expect(still.locator("[data-kept]")).to_be_hidden()
    still.close()
    page.close(run_before_unload=False)
    again = opened(page.context)
    expect(again.locator("[data-kept]")).to_contain_text("not saved")
    expect(body(again)).to_contain_text("Left behind.")
    assert section.saves == []
    again.get_by_role("button", name="Save it").click()
    says(again, "Saved")
    assert section.body == "<p>Left behind.</p>"
    assert again.evaluate("localStorage.length") == 0


def test_kept_text_does_not_overwrite_a_newer_one(opened: Opener, section: Section) -> None:
    page = opened()
    page.context.set_offline(True)
    write(page, "Old.")
    says(page, "Kept on this device")
    page.close(run_before_unload=False)
    section.save_elsewhere("<p>Newer.</p>")
    page.context.set_offline(False)
    again = opened(page.context)
    again.get_by_role("button", name="Save it").click()
    says(again, "Not saved: changed by")
    assert section.body == "<p>Newer.</p>"


def test_a_device_that_cannot_keep_says_so(opened: Opener, section: Section) -> None:
    page = opened()
    page.evaluate("""() => {
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    page.context.set_offline(True)
    write(page, "Nowhere to keep it.")
    says(page, "No connection. This device cannot keep it: leave this page open")
    page.context.set_offline(False)
    says(page, "Saved")
    assert section.body == "<p>Nowhere to keep it.</p>"


def test_a_refused_text_is_kept_and_typing_goes_on(opened: Opener, section: Section) -> None:
    page = opened()
    section.answer = 413
    write(page, "Too long.")
    says(page, "Not saved: Not now. Kept on this device.")
    section.answer = None
    write(page, " Shorter.")
    says(page, "Saved")
    assert section.body == "<p>Too long. Shorter.</p>"


def test_everything_round_trips(opened: Opener, section: Section) -> None:
    """Marks, lists, a footnote, a link, a picture, a table: saved as the sanitizer has it."""
    page = opened()
    body(page).click()
    for keys, word in (("Control+b", "bold"), ("Control+i", "both"), ("Control+u", "three")):
        page.keyboard.press(keys)
        page.keyboard.type(word + " ")
    for keys in ("Control+b", "Control+i", "Control+u"):
        page.keyboard.press(keys)
    tool(page, "Strike")
    page.keyboard.type("gone")
    tool(page, "Strike")
    page.keyboard.type(" H")
    tool(page, "Sub: Subscript")
    page.keyboard.type("2")
    tool(page, "Sub: Subscript")
    page.keyboard.type("O claim")
    page.keyboard.press("Control+Alt+f")
    page.get_by_label("Footnote text").fill('Situation report 41, "west" & <north>.')
    page.get_by_role("button", name="Insert footnote").click()
    page.keyboard.type(" see ")
    page.keyboard.press("Control+k")
    page.get_by_label("Address").fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A link starts with https://")
    page.get_by_label("Address").fill("example.org/a?b=1&c=2")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("Tasks")
    tool(page, "Heading")
    page.keyboard.press("Enter")
    tool(page, "List")
    page.keyboard.type("Warn")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("By radio")
    for _ in range(3):
        page.keyboard.press("Enter")
    tool(page, "Quote")
    page.keyboard.type("They said so.")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    tool(page, "Table: Insert table")
    page.keyboard.type("Who")
    page.keyboard.press("Tab")
    page.keyboard.type("What")
    tool(page, "Row below")
    tool(page, "Remove column")
    says(page, "Saved")
    wait(lambda: section.body.count("<tr>") == 4 and section.body.count("<th>") == 2, page)
    unchanged(section)
    cells = "<td><p></p></td><td><p></p></td>"
    assert section.body == (
        "<p><strong>bold <em>both <u>three </u></em></strong><s>gone</s> H<sub>2</sub>O claim"
        '<sup data-note="Situation report 41, &quot;west&quot; &amp; &lt;north&gt;.">*</sup> see '
        '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a></p>'
        "<h3>Tasks</h3><ul><li><p>Warn</p><ul><li><p>By radio</p></li></ul></li></ul>"
        "<blockquote><p>They said so.</p></blockquote>"
        "<table><tbody><tr><th><p>Who</p></th><th><p></p></th></tr>"
        f"<tr>{cells}</tr><tr>{cells}</tr><tr>{cells}</tr></tbody></table>"
    )
    page.reload()
    page.locator("form[data-ready]").wait_for()
    again = page.evaluate("document.querySelector('.prose').editor.getHTML()")
    assert again == section.body


def test_cells_are_merged_and_split(opened: Opener, section: Section) -> None:
    page = opened()
    body(page).click()
    tool(page, "Table: Insert table")
    page.locator(".prose th").nth(0).click()
    page.keyboard.press("Shift+ArrowRight")
    box, end = page.locator(".prose td").nth(0).bounding_box(), page.locator(".prose td").nth(1).bounding_box()  # fmt: skip
    assert box and end
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=5)
    page.mouse.up()
    tool(page, "Merge cells")
    page.keyboard.type("wide")
    wait(lambda: '<td colspan="2"><p>wide</p></td>' in section.body, page)
    unchanged(section)
    tool(page, "Split cell")
    wait(lambda: "colspan" not in section.body, page)
    tool(page, "Remove table")
    expect(page.locator(".prose table")).to_have_count(0)


def test_a_picture_is_uploaded_with_its_words(opened: Opener, section: Section) -> None:
    page = opened()
    write(page, "Before.")
    tool(page, "Picture")
    chooser = page.get_by_label("Picture file")
    chooser.set_input_files({"name": "map.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.get_by_role("button", name="Insert picture").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what the picture shows")
    page.get_by_label("Alternative text").fill('Map of the "north"')
    page.get_by_role("button", name="Insert picture").click()
    expect(page.get_by_role("alert")).to_contain_text("This file is no picture.")
    chooser.set_input_files({"name": "map.png", "mimeType": "image/png", "buffer": PIXEL})
    page.get_by_role("button", name="Insert picture").click()
    wait(lambda: "<img" in section.body, page)
    sha256 = hashlib.sha256(PIXEL).hexdigest()
    assert section.body == (
        f'<p>Before.</p><img src="/efforts/country-x/pictures/{sha256}/" '
        'alt="Map of the &quot;north&quot;">'
    )
    unchanged(section)
    assert richtext.pictures_of(section.body) == {sha256}


def test_a_pasted_picture_asks_for_its_words(opened: Opener, section: Section) -> None:
    page = opened()
    page.evaluate(
        """(bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(bytes)], "shot.png", {type: "image/png"}));
          document.querySelector(".prose").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        list(PIXEL),
    )
    expect(page.get_by_text("Picture: shot.png")).to_be_visible()
    page.get_by_text("Decorative").click()
    page.get_by_role("button", name="Insert picture").click()
    wait(lambda: 'alt=""' in section.body, page)
    unchanged(section)


WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0in;} --></style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>
<body lang=EN-US><!--StartFragment-->
<h1>Situation<o:p></o:p></h1>
<p class=MsoNormal><b><span style='font-size:12.0pt'>Raids continue</span></b><span style='color:#333'> in
the&nbsp;&nbsp; west.</span><a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
class=MsoFootnoteReference><![if !supportFootnotes]>[1]<![endif]></span></a><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Warn the governors<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:1.0in;mso-list:l0 level2 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span><!--[endif]-->By radio</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;
</span></span>Count the <i>displaced</i></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>First</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>Second</p>
<table class=MsoTableGrid border=1><tr><td width=200 rowspan=2><p class=MsoNormal><b>Actor</b></p></td><td
colspan=2><p class=MsoNormal><b>Months</b></p></td></tr><tr><td><p class=MsoNormal><b>May</b></p></td><td><p
class=MsoNormal><b>June</b></p></td></tr><tr><td><p class=MsoNormal>Army</p></td><td><p>3</p></td><td><p>4</p></td></tr></table>
<p class=MsoNormal><img width=60 src="file:///C:/Users/x/clip_image001.png" onerror="alert(1)">After.</p>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
href="#_ftnref1" name="_ftn1"><span class=MsoFootnoteReference>[1]</span></a> Situation report 41.</p></div></div>
<!--EndFragment--></body></html>"""
WORD_CLEAN = (
    "<h3>Situation</h3><p><strong>Raids continue</strong> in the west."
    '<sup data-note="Situation report 41.">*</sup></p>'
    "<ul><li><p>Warn the governors</p><ul><li><p>By radio</p></li></ul></li>"
    "<li><p>Count the <em>displaced</em></p></li></ul>"
    "<ol><li><p>First</p></li><li><p>Second</p></li></ol>"
    '<table><tbody><tr><th rowspan="2"><p>Actor</p></th><th colspan="2"><p>Months</p></th></tr>'
    "<tr><th><p>May</p></th><th><p>June</p></th></tr>"
    "<tr><td><p>Army</p></td><td><p>3</p></td><td><p>4</p></td></tr></tbody></table><p>After.</p>"
)


def test_text_from_word_keeps_its_lists_notes_and_header(opened: Opener, section: Section) -> None:
    page = opened()
    body(page).click()
    paste(page, WORD)
    wait(lambda: bool(section.body), page)
    assert section.body == WORD_CLEAN
    unchanged(section)
    assert richtext.clean(WORD) == WORD_CLEAN  # the server makes the same of it


def test_text_from_google_keeps_its_bold(opened: Opener, section: Section) -> None:
    page = opened()
    body(page).click()
    paste(page, '<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><p><span '
          'style="font-weight:700;text-decoration:none">Bold</span><span style="font-weight:400"> plain'
          '</span></p><ul><li aria-level="1"><p>One</p></li><ul><li><p>Deep</p></li></ul></ul></b>')  # fmt: skip
    wait(lambda: bool(section.body), page)
    assert section.body == (
        "<p><strong>Bold</strong> plain</p>"
        "<ul><li><p>One</p><ul><li><p>Deep</p></li></ul></li></ul>"
    )


def test_a_fact_is_quoted_at_the_cursor(opened: Opener, section: Section) -> None:
    page = opened()
    write(page, "We hold: ")
    page.get_by_role("button", name="Quote", exact=True).last.click()
    expect(body(page)).to_contain_text("Two of the three reports agree.")
    expect(body(page)).to_be_focused()
    page.keyboard.type(" So we act.")
    wait(lambda: "So we act." in section.body, page)
    assert section.body == (
        f'<p>We hold: <q data-fact="{FACT}">Two of the three reports agree.</q> So we act.</p>'
    )
    unchanged(section)
    assert richtext.facts_of(section.body) == [("dissents", "12", "0123456789ab")]


def test_presence_and_a_newer_text(opened: Opener, section: Section) -> None:
    section.tells = True
    section.present = [
        {"post": "African Bureau", "agency": "USAID", "writes": True, "me": False},
        {"post": "Team lead", "agency": "State", "writes": False, "me": True},
    ]
    section.save_elsewhere("<p>One.</p>")
    page = opened()
    expect(page.locator("[data-present] span").first).to_have_text(
        "Here now: USAID African Bureau (writing)"
    )
    section.save_elsewhere("<p>Two.</p>")
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(body(page)).to_have_text("Two.")
    says(page, "Saved 14:31Z by the USAID African Bureau")
    write(page, " Mine.")
    wait(lambda: section.body == "<p>Two. Mine.</p>", page)
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait(lambda: "writes" in section.presences[-1], page)
    page.route("**/section/", lambda route: route.abort())
    write(page, " Late.")
    section.save_elsewhere("<p>Three.</p>")
    page.evaluate("dispatchEvent(new Event('focus'))")
    says(page, "Changed by USAID African Bureau at 14:30Z: compare")
    page.unroute("**/section/")
    page.locator(".save-state button").click()
    expect(page.locator("[data-kept] .two-texts")).to_contain_text("Three.")
    expect(body(page)).to_contain_text("Late.")


def test_the_keyboard_alone(opened: Opener) -> None:
    page = opened()
    body(page).click()
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Italic")).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("slanted")
    expect(page.locator(".prose em")).to_have_text("slanted")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("group", name="Keyboard shortcuts")).to_contain_text("Ctrl+Alt+F")
    page.keyboard.press("Escape")
    expect(body(page)).to_be_focused()
    stops = page.locator(".editor-toolbar button[tabindex='0']:visible")
    expect(stops).to_have_count(1)


def test_a_narrow_screen_does_not_scroll_sideways(opened: Opener) -> None:
    page = opened(viewport={"width": 375, "height": 740})
    body(page).click()
    tool(page, "Table: Insert table")
    for panel in ("Link", "Footnote", "Picture", "Keys: Keyboard shortcuts"):
        tool(page, panel)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, panel
        small = page.evaluate("""[...document.querySelectorAll(
            '.editor-bar button, .editor-bar input:not([type=checkbox])')]
          .filter((e) => e.offsetHeight && e.offsetHeight < 44).map((e) => e.textContent || e.id)""")
        assert small == [], panel
