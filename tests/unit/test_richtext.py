"""The sanitizer and the way between HTML and plain text."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import tinyhtml5
from hypothesis import example, given
from hypothesis import strategies as st

from planning.products import blocks, reading, richtext
from tests.unit.xss_corpus import CORPUS

KEY = "a" * 64
SRC = f"/efforts/country-x/pictures/{KEY}/"
IMG = f'<img src="{SRC}" alt="A map">'
FACT = "dissents:12@0123456789ab"
ALLOWED = {
    "a": {"href": r"(?i)(?:https?://|mailto:)[^\s\x00-\x20]+"},
    "img": {"src": blocks.PICTURE.pattern, "alt": r"(?s).*"},
    "q": {"data-fact": r"[a-z-]+:[a-z0-9-]+@[0-9a-f]{12}"},
    "sup": {"data-note": r"(?s).{1,1000}"},
    "td": {"colspan": r"[1-9]\d?", "rowspan": r"[1-9]\d?"},
    "th": {"colspan": r"[1-9]\d?", "rowspan": r"[1-9]\d?", "scope": "(?:col|row)(?:group)?"},
}
VOCABULARY = set(
    "p h3 h4 strong em u s sub sup br ul ol li blockquote table tbody tr th td a q img".split()
)


class Tags(HTMLParser):
    """All tags and what else is not text, as the standard library reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(name, value or "") for name, value in attrs]))

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", []))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", []))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", []))

    def unknown_decl(self, data: str) -> None:
        self.found.append(("![", []))


def as_python_reads(html: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Tags by the lenient parser of the standard library."""
    reader = Tags()
    reader.feed(html)
    reader.close()
    return reader.found


def as_browsers_read(html: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Elements of the tree that the HTML standard prescribes."""
    root = tinyhtml5.parse(f"<!doctype html><body>{html}</body>", namespace_html_elements=False)
    for element in root.iter():
        tag = element.tag if isinstance(element.tag, str) else "!--"
        if tag not in {"html", "head", "body"} or element.attrib:
            yield tag, [(str(name), value) for name, value in element.attrib.items()]


def strange(html: str) -> list[str]:
    """Whatever is outside the vocabulary, to either parser."""
    found = []
    for tag, attrs in [*as_python_reads(html), *as_browsers_read(html)]:
        if tag not in VOCABULARY:
            found.append(f"<{tag}>")
        for name, value in attrs:
            allowed = ALLOWED.get(tag, {}).get(name)
            if allowed is None or not re.fullmatch(allowed, value):
                found.append(f"<{tag} {name}={value!r}>")
    return found


# ---------- nothing hostile is left


def test_the_corpus_is_large_and_live() -> None:
    assert len(CORPUS) >= 600
    assert sum(bool(strange(hostile.replace("\ud800", ""))) for hostile in CORPUS) >= 650


@pytest.mark.parametrize("hostile", CORPUS)
def test_nothing_outside_the_vocabulary_is_left(hostile: str) -> None:
    for html in (hostile, f"<p>Before.</p>{hostile}<p>After.</p>", f"<ul><li><b>{hostile}"):
        clean = richtext.clean(html)
        assert strange(clean) == []
        assert "hx-" not in " ".join(re.findall(r"<[^>]*>", clean)).lower()
        assert richtext.clean(clean) == clean


@pytest.mark.parametrize("layer", ["reader alone", "Ammonia alone"])
def test_each_layer_holds_by_itself(monkeypatch: pytest.MonkeyPatch, layer: str) -> None:
    if layer == "reader alone":
        monkeypatch.setattr(richtext.nh3, "clean", lambda html, **_: html)
    else:
        monkeypatch.setattr(richtext, "read", lambda html: html)
        monkeypatch.setattr(richtext, "write", lambda html: reading.ILLEGAL.sub("", html))
    left = {hostile: strange(richtext.clean(hostile)) for hostile in CORPUS}
    assert {h: found for h, found in left.items() if found} == {}


def test_without_either_layer_the_corpus_comes_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(richtext.nh3, "clean", lambda html, **_: html)
    monkeypatch.setattr(richtext, "read", lambda html: html)
    monkeypatch.setattr(richtext, "write", lambda html: html)
    assert sum(bool(strange(richtext.clean(h.replace("\ud800", "")))) for h in CORPUS) >= 500


def test_neighbors_of_hostile_text_survive() -> None:
    lost = [
        hostile for hostile in CORPUS
        if "Before." not in richtext.plain_text(richtext.clean(f"<p>Before.</p>{hostile}"))
    ]  # fmt: skip
    assert lost == []


@pytest.mark.parametrize(("href", "kept"), [
    ("https://example.org/a?b=1&amp;c=2", "https://example.org/a?b=1&amp;c=2"),
    ("HTTP://example.org", "HTTP://example.org"), ("mailto:a@example.org", "mailto:a@example.org"),
    (" https://example.org/a b ", "https://example.org/a%20b"), ("/efforts/", ""), ("#x", ""),
    ("//example.org", ""), ("https:example.org", ""), ("ftp://example.org", ""), ("", ""),
    ("https://example.org/" + "x" * 2_000, ""),
])  # fmt: skip
def test_links_lead_to_http_and_mail_only(href: str, kept: str) -> None:
    expected = f'<p><a href="{kept}">x</a></p>' if kept else "<p>x</p>"
    assert richtext.clean(f'<p><a href="{href}" target="_blank" rel="x">x</a></p>') == expected


# ---------- the normal form is a fixed point


def fixed(html: str) -> str:
    once = richtext.clean(html)
    assert richtext.clean(once) == once
    assert strange(once) == []
    return once


@given(st.text(max_size=400))
def test_clean_is_idempotent_on_any_text(text: str) -> None:
    fixed(text)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_half_surrogates_and_controls_do_not_stop_it(text: str) -> None:
    assert not reading.ILLEGAL.search(fixed(f"<p>{text}</p>"))


PARTS = st.sampled_from([
    "<p>", "</p>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "</ol>", "<b>", "</b>", "<i>", "</i>",
    "<table>", "<tr>", "<td>", "<th colspan=2 rowspan=3>", "</td>", "</tr>", "</table>", "<thead>",
    "<tbody>", "<caption>", "words", " ", "\n", "\r", "&nbsp;", "<br>", "<blockquote>",
    "</blockquote>", "<h1>", "</h1>", "<h4>", "</h4>", "<div>", "</div>", "&lt;", "&amp;lt;",
    "<script>", "</script>", "<a href='https://example.org'>", "</a>", "<a href='#_ftn1'>",
    "<div id=ftn1>", "<sup data-note='a &amp; \"b\" <c>'>", "<sup>", "</sup>", "<sub>", "</sub>",
    IMG, f"<q data-fact='{FACT}'>", "<q>", "</q>", "<span style='mso-list:Ignore'>1.</span>",
    "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'>",
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>", "<span style='font-weight:700'>",
    "</span>", "&#x338;", "\u0338", "e&#769;", "<!--", "-->", "<", ">", "'", '"', "<hr>", "<svg>",
    "</svg>", "<o:p>", "\ufeff", "&#1;", "\x85", "\u2028",
])  # fmt: skip


@example("<table><tr><td>" * 6 + "&lt;<p>")
@example("<table><tr><td>" * 40 + "x" + "<ul><li>" * 30)
@example("<p>&#x338;x</p>")  # composed with the tag's end it would be another character
@example("<li><a href='#_ftn1'>1</a><o:p>")  # a reference to no footnote leaves nothing behind
@given(st.lists(PARTS, max_size=60).map("".join))
def test_clean_is_idempotent_on_broken_html(html: str) -> None:
    fixed(html)


@given(html=st.lists(PARTS, max_size=60).map("".join))
def test_it_stays_so_beyond_the_limits(html: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("MAX_UNITS", 4), ("MAX_DEPTH", 5), ("MAX_OPEN", 6), ("MAX_MARKS", 3),
                            ("MAX_CARRIED", 2), ("MAX_GRID", 7)):  # fmt: skip
            patch.setattr(reading, name, value)
        once = richtext.clean(html)
        assert richtext.clean(once) == once


@given(
    st.lists(st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=30), max_size=6)
)
def test_plain_text_comes_back(paragraphs: list[str]) -> None:
    html = richtext.from_plain("\n\n".join(paragraphs))
    back = richtext.to_plain(html)
    if back is not None:
        assert richtext.from_plain(back) == html


def test_marks_nest_as_the_editor_nests_them() -> None:
    html = "<p><em><strong>a</strong></em><u><b><i>b</i> c</b></u><b>d</i></b></p>"
    assert fixed(html) == ("<p><strong><em>a<u>b</u></em><u> c</u>d</strong></p>")


@pytest.mark.parametrize("html", [
    "", "<p></p>", "<p> </p>", "<ul><li></li></ul>", "<p>&nbsp;</p>", "<p><br><br></p>",
    "<table><tr><td></td></tr></table>", "<sup data-note=' '>1</sup>", "<img src='x'>",
])  # fmt: skip
def test_empty_is_empty(html: str) -> None:
    assert richtext.clean(html) == ""


@pytest.mark.parametrize("html", [IMG, "<sup data-note='x'>*</sup>", "<p>x</p>"])
def test_a_picture_or_footnote_alone_is_not_empty(html: str) -> None:
    assert not richtext.is_empty(richtext.clean(html))


# ---------- footnotes, pictures, facts


def test_a_footnote_has_plain_words_and_a_star() -> None:
    html = '<p>x<sup data-note=" See \n 41 &amp; &quot;42&quot;" class="y"><b>17</b></sup> y</p>'
    clean = fixed(html)
    assert clean == '<p>x<sup data-note="See 41 &amp; &quot;42&quot;">*</sup> y</p>'
    (run,) = blocks.notes_of(blocks.parse(clean))
    assert run.note == 'See 41 & "42"'


def test_an_empty_footnote_goes_and_a_long_one_ends() -> None:
    assert fixed("<p>x<sup data-note=''>*</sup>y</p>") == "<p>xy</p>"
    clean = fixed(f"<p>x<sup data-note='{'n' * 1_500}'>*</sup></p>")
    assert clean.count("n" * richtext.MAX_NOTE) == 1
    assert "n" * (richtext.MAX_NOTE + 1) not in clean


def test_a_picture_stands_as_a_block_and_keeps_only_its_words() -> None:
    html = (
        f'<p>a <b>b<img src="{SRC}" alt=" The &lt;north&gt; " width=9 height=9 style="x" '
        'srcset="https://evil.example/x 1x" onerror="alert(1)" loading=lazy>c</b></p>'
    )
    assert fixed(html) == (
        f'<p>a <strong>b</strong></p><img src="{SRC}" alt="The &lt;north&gt;">'
        "<p><strong>c</strong></p>"
    )
    assert richtext.pictures_of(richtext.clean(html)) == {KEY}


@pytest.mark.parametrize("src", [
    "data:image/png;base64,AAAA", "https://example.org/x.png", "http://127.0.0.1/", "file:///x.png",
    "/efforts/country-x/pictures/" + "A" * 64 + "/", "/efforts/country-x/pictures/" + "a" * 63 + "/",
    "/efforts/../pictures/" + KEY + "/", SRC + "?x=1", "//evil.example" + SRC, "x.svg", SRC + "x",
    "https://evil.example" + SRC, SRC.upper(), SRC[:-1],
])  # fmt: skip
def test_no_other_picture_stays(src: str) -> None:
    assert fixed(f'<p>x</p><img src="{src}" alt="y">') == "<p>x</p>"


def test_a_quoted_fact_keeps_what_it_rests_on() -> None:
    html = f'<p>We hold <q data-fact="{FACT}" class=x>two <b>reports</b></q> true.</p>'
    clean = fixed(html)
    assert clean == (f'<p>We hold <q data-fact="{FACT}">two <strong>reports</strong></q> true.</p>')
    assert richtext.facts_of(clean) == [("dissents", "12", "0123456789ab")]


@pytest.mark.parametrize("fact", ["", "x", "dissents:12", "Dissents:12@0123456789ab",
                                  "dissents:12@0123456789a", "dissents:12@0123456789abc",
                                  "a:b@0123456789ab x", "dis sents:1@0123456789ab"])  # fmt: skip
def test_another_quotation_keeps_its_words_only(fact: str) -> None:
    clean = fixed(f'<p>a <q data-fact="{fact}">b</q> c</p>')
    assert clean == "<p>a b c</p>"
    assert richtext.facts_of(clean) == []


def test_plain_text_tells_notes_and_pictures_once() -> None:
    html = richtext.clean(f"<p>Raids<sup data-note='See 41.'>*</sup> go on.</p>{IMG}")
    assert richtext.plain_text(html) == "Raids [See 41.] go on.\n[Picture: A map]"
    assert richtext.word_count(html) == 3


def test_word_count() -> None:
    assert richtext.word_count("<p>One two</p><ul><li>three</li></ul>") == 3


# ---------- what office programs paste


ITEM = (
    "<p class=MsoListParagraph{cls} style='text-indent:-.25in;mso-list:l0 level{level} lfo1'>"
    "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
    "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span>"
    "<![endif]>{words}<o:p></o:p></p>\n"
)


def items(*rows: tuple[int, str, str]) -> str:
    return "".join(
        ITEM.format(cls="CxSpMiddle", level=level, mark=mark, words=words)
        for level, mark, words in rows
    )


def test_paragraphs_of_word_become_nested_lists() -> None:
    html = items((1, "·", "A"), (2, "o", "A1"), (3, "§", "A1x"), (2, "o", "A2"), (1, "·", "B"))
    assert fixed(html) == (
        "<ul><li><p>A</p><ul><li><p>A1</p><ul><li><p>A1x</p></li></ul></li><li><p>A2</p></li>"
        "</ul></li><li><p>B</p></li></ul>"
    )


@pytest.mark.parametrize("mark", ["1.", "(2)", "a)", "iv.", "B.", "1.2."])
def test_numbered_paragraphs_of_word_become_numbered_lists(mark: str) -> None:
    assert fixed(items((1, mark, "A"))) == "<ol><li><p>A</p></li></ol>"


def test_lists_of_word_start_anew_after_text_and_deep_first() -> None:
    html = items((2, "·", "A")) + "<p class=MsoNormal>x</p>" + items((1, "1.", "B"), (1, "·", "C"))
    assert fixed(html) == (
        "<ul><li><p>A</p></li></ul><p>x</p><ol><li><p>B</p></li></ol><ul><li><p>C</p></li></ul>"
    )


def test_bullets_of_outlook_without_a_list_style() -> None:
    html = (
        "<p class=MsoListParagraph style='margin-left:.5in;text-indent:-.25in'><span "
        "style='font-family:Symbol'>·<span style='font:7.0pt'>&nbsp;&nbsp;&nbsp; </span></span>A</p>"
        "<p class=MsoListParagraph style='margin-left:72.0pt'>o<span>&nbsp;&nbsp; </span>B</p>"
        "<p class=MsoListParagraph>No bullet.</p>"
    )
    assert fixed(html) == ("<ul><li><p>A</p><ul><li><p>B</p></li></ul></li></ul><p>No bullet.</p>")


def test_a_numbered_heading_of_word_loses_its_number() -> None:
    html = "<h2 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>Tasks</h2>"
    assert fixed(html) == "<h3>Tasks</h3>"


@pytest.mark.parametrize(("reference", "body"), [
    ("<a style='mso-footnote-id:ftn1' href='#_ftn1' name='_ftnref1'><span>[1]</span></a>",
     "<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a>"
     " See 41.</p></div>"),
    ("<a class='sdfootnoteanc' name='sdfootnote1anc' href='#sdfootnote1sym'><sup>1</sup></a>",
     "<div id='sdfootnote1'><p class='sdfootnote'><a class='sdfootnotesym' href='#sdfootnote1anc'>1"
     "</a>See 41.</p></div>"),
])  # fmt: skip
def test_footnotes_of_office_programs_become_footnotes(reference: str, body: str) -> None:
    html = f"<p class=MsoNormal>Raids{reference} go on.</p>{body}"
    assert fixed(html) == '<p>Raids<sup data-note="See 41.">*</sup> go on.</p>'
    assert fixed(f"<p class=MsoNormal>Raids.</p>{body}") == "<p>Raids.</p><p>See 41.</p>"
    assert fixed(f"<p class=MsoNormal>Raids{reference} go on.</p>") == "<p>Raids go on.</p>"


def test_a_merged_header_of_word_is_found() -> None:
    html = (
        "<table class=MsoTableGrid><tr><td rowspan=2><p class=MsoNormal><b>Who</b></p></td>"
        "<td colspan=2><p><b>Months</b></p></td></tr><tr><td><b>May</b></td><td><b>June</b></td>"
        "</tr><tr><td>Army</td><td>3</td><td></td></tr></table>"
    )
    assert fixed(html) == (
        '<table><tbody><tr><th rowspan="2"><p>Who</p></th><th colspan="2"><p>Months</p></th></tr>'
        "<tr><th><p>May</p></th><th><p>June</p></th></tr>"
        "<tr><td><p>Army</p></td><td><p>3</p></td><td><p></p></td></tr></tbody></table>"
    )
    (table,) = blocks.tables_of(blocks.parse(richtext.clean(html)))
    assert table.head == 2


def test_bold_tables_and_tables_from_elsewhere_get_no_header() -> None:
    bold = "<table class=MsoTableGrid><tr><td><b>A</b></td></tr><tr><td><b>B</b></td></tr></table>"
    assert "<th>" not in fixed(bold)
    assert "<th>" not in fixed("<table><tr><td><b>A</b></td></tr><tr><td>B</td></tr></table>")


def test_styles_of_google_docs_become_tags() -> None:
    html = (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-weight:700;text-decoration:none">Bold</span><span style="font-weight:400">'
        ' plain </span><a href="https://example.org"><span style="text-decoration:underline">link'
        '</span></a><span style="font-style:italic;vertical-align:super"> up</span></p><ul><li '
        'aria-level="1"><p>One</p></li><ul><li aria-level="2"><p>Deep</p></li></ul></ul></b>'
    )
    assert fixed(html) == (
        '<p><strong>Bold</strong> plain <a href="https://example.org">link</a><em><sup> up</sup>'
        "</em></p><ul><li><p>One</p><ul><li><p>Deep</p></li></ul></li></ul>"
    )


def test_the_rest_of_office_markup_leaves_words_only() -> None:
    html = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><title>Draft</title><style>"
        "p.MsoNormal {margin:0in}</style><!--[if gte mso 9]><xml><w:WordDocument>Normal 0"
        "</w:WordDocument></xml><![endif]--><xml>Print</xml></head><body lang=EN-US>"
        "<p class=MsoNormal style='mso-x:y'><font color=red>a</font><o:p>&nbsp;</o:p></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b&nbsp; &nbsp;c&nbsp;d</p>"
    )
    assert fixed(html) == "<p>a</p><p>b c&nbsp;d</p>"


def test_words_of_word_processors_become_ours() -> None:
    assert fixed("<h1>A</h1><div>b <b>c</b> <i>d</i></div><h5>e</h5>") == (
        "<h3>A</h3><p>b <strong>c</strong> <em>d</em></p><h4>e</h4>"
    )
    assert fixed("<section>a</section><section>b<hr>c</section>") == "<p>a</p><p>b</p><p>c</p>"
    assert fixed("<p>a<p>b<ul><li>c<li>d</ul><table><td>e<td>f<tr><td>g</table>") == (
        "<p>a</p><p>b</p><ul><li><p>c</p></li><li><p>d</p></li></ul><table><tbody><tr><td><p>e</p>"
        "</td><td><p>f</p></td></tr><tr><td><p>g</p></td></tr></tbody></table>"
    )


def test_tables_keep_spans_and_header_cells() -> None:
    html = (
        "<table><caption>Who</caption><thead><tr><td>A</td><th scope=COL colspan=2>B</th></tr>"
        "</thead><tbody><tr><td rowspan=99 colspan=x>c</td><td>d</td><td>e</td></tr></tbody></table>"
    )
    assert fixed(html) == (
        '<p>Who</p><table><tbody><tr><th><p>A</p></th><th colspan="2" scope="col"><p>B</p></th></tr>'
        '<tr><td rowspan="50"><p>c</p></td><td><p>d</p></td><td><p>e</p></td></tr></tbody></table>'
    )


def test_a_table_that_says_more_than_plain_text_is_kept_as_html() -> None:
    assert richtext.to_plain("<table><tbody><tr><td>x</td></tr></tbody></table>") is None


# ---------- bounds


def test_deep_nesting_is_flattened() -> None:
    deep = "<blockquote>" * 10_000 + "<p>Words.</p>" + "</blockquote>" * 10_000
    clean = fixed(deep)
    assert clean.count("<blockquote>") <= richtext.MAX_DEPTH
    assert blocks.text_of(blocks.parse(clean)) == "Words."


def filled(part: str) -> str:
    """As much of ``part`` as a save takes."""
    return (part * (richtext.MAX_BODY_BYTES // len(part) + 1))[: richtext.MAX_BODY_BYTES]


def test_one_pass_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    real = richtext.read
    monkeypatch.setattr(richtext, "read", lambda html: passes.append(1) or real(html))
    for part in ("<div>", "<td>", "<b><i></b></i>", "<p>x", "<ul><li>", "&", "<"):
        passes.clear()
        richtext.clean(filled(part)[:20_000])
        assert len(passes) == 1, part


def test_a_link_around_many_paragraphs_does_not_multiply() -> None:
    html = f"<a href='https://example.org/{'x' * 1_900}'>" + filled("<p>y")[:190_000]
    assert len(richtext.clean(html)) < 4 * richtext.MAX_BODY_BYTES
    html = "<b><i><u><s><sub>" + filled("<p>y")[:190_000]
    assert len(richtext.clean(html)) < 4 * richtext.MAX_BODY_BYTES


def test_paragraphs_and_places_of_a_table_are_counted() -> None:
    assert richtext.clean(filled("<p>x")).count("<p>") <= reading.MAX_UNITS + 1
    assert richtext.clean(filled("<td>x")).count("<td") <= reading.MAX_UNITS
    table = richtext.clean("<table>" + "<tr><td colspan=50 rowspan=50>x</td></tr>" * 1_000)
    (found,) = blocks.tables_of(blocks.parse(table))
    places = sum(cell.colspan * cell.rowspan for row in found.rows for cell in row)
    assert places <= reading.MAX_GRID + 1_000


def test_what_comes_beyond_the_limit_keeps_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNITS", 2)
    html = "<p>a</p><p>b</p><ul><li>c</li></ul><table><tr><td>d</td></tr></table><p>e</p>"
    assert richtext.clean(html) == "<p>a</p><p>b</p><p>c d e</p>"


def test_the_worst_input_is_done_in_time() -> None:
    """Generous: a step that looks back over all of the text takes many minutes, not seconds."""
    program = """
import sys
from planning.products import richtext
N = richtext.MAX_BODY_BYTES // 2
for part in sys.stdin.read().split("|"):
    richtext.clean((part * (N // len(part) + 1))[:N])
    richtext.clean("<p title=" + (part * (N // len(part) + 1))[: N // 2])
"""
    parts = ["<", "<div>", "<b>", "<b><i></b></i>", "<a href=https://e.org>y", "<p>x", "<p a='", "a=b ",
             "<!--", "<!", "</script ", "<script>", "<svg>", "<td>", "<tr><td>x", "<ul><li>", "&", "&#",
             " ", "</p>", "</ul><div>", "<span style='font-weight:bold'>x", "/", "=", '"', "x<br>",
             "mso-<p class=MsoListParagraph>1.", "<o:p><a href='#_ftn1'>", "<div id=ftn1><o:p>", "a\u0301",
             "<sup data-note=x>", "<title>", "</title ", "<h1>", "<li>x", "\u00a0"]  # fmt: skip
    subprocess.run(
        [sys.executable, "-c", program], input="|".join(parts), text=True, check=True, timeout=240,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip


def test_the_vocabulary_is_the_one_that_is_told() -> None:
    assert richtext.TAGS == VOCABULARY
    assert {tag: set(ALLOWED[tag]) for tag in ALLOWED} == richtext.ATTRIBUTES
