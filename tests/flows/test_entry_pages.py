"""The page of an entry and the cells of its table, as a browser without scripts sees them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse

from mapro.core.models import AuditEvent, Marking
from planning import actions, entries
from planning.models import Entry
from planning.web import entry_form
from tests.flows.register_kit import CREWS, THINGS, enter, plugged
from tests.world import World

REGISTER = "/efforts/country-x/registers/things/"
PAGE = f"{REGISTER}1/"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _registers() -> Iterator[None]:
    with plugged(THINGS, CREWS):
        yield


def add(world: World, name: str = "Bridge", **values: Any) -> Entry:
    """A thing, as the member enters it."""
    return enter(world.effort, world["member"], name=name, **values)


def read(number: int = 1, register: str = "things") -> Entry:
    """An entry of Country X, read anew with its links."""
    found = Entry.objects.select_related("effort__marking", "portion").get(
        effort__slug="country-x", register=register, number=number
    )
    return entries.with_links([found], found.effort)[0]


def get(world: World, who: str = "lead", address: str = PAGE, **more: Any) -> str:
    """A page as text."""
    answer = world.client(who).get(address, **more)
    assert answer.status_code == 200, answer.status_code
    return text(answer)


def text(answer: HttpResponse) -> str:
    """The body with one space between words, so that the template may break lines."""
    return " ".join(html.unescape(answer.content.decode()).split())


def form_of(page: str, action: str = PAGE) -> dict[str, list[str]]:
    """What a browser would send from the form, unchanged."""
    body = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    sent: dict[str, list[str]] = {}
    for tag, inner in re.findall(
        r"(<input[^>]*>|<textarea[^>]*>|<select[^>]*>)([^<]*(?:<option.*?</select>)?)", body
    ):
        name = re.search(r' name="([^"]*)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        value = re.search(r' value="([^"]*)"', tag)
        if "checkbox" in tag:
            if " checked" in tag and value:
                sent.setdefault(name[1], []).append(value[1])
        elif tag.startswith("<select"):
            chosen = re.search(r'<option value="([^"]*)" selected', inner)
            sent.setdefault(name[1], []).append(chosen[1] if chosen else "")
        elif tag.startswith("<textarea"):
            sent.setdefault(name[1], []).append(inner.strip())
        else:
            sent.setdefault(name[1], []).append(value[1] if value else "")
    return sent


def post(world: World, who: str = "lead", address: str = PAGE, **sent: Any) -> HttpResponse:
    """Post a form."""
    return world.client(who).post(address, sent)


def raw(world: World, who: str = "lead", address: str = PAGE) -> str:
    """A page as it came."""
    return html.unescape(world.client(who).get(address).content.decode())


# ---------- what it shows


def test_the_page_shows_every_field_as_a_form(world: World) -> None:
    add(world, "Drum")
    crew = enter(world.effort, world["member"], CREWS, motto="Heave", tool="THG-1")
    add(
        world, note="Long.\nOld.", sort="place", tags="tool; other", amount=3, day="2013-12-05",
        roles="Chief since 2013-01-01; Onlooker", near="THG-1", crew=str(crew),
    )  # fmt: skip
    address = f"{REGISTER}2/"
    page = get(world, address=address)
    assert "<h1>THG-2. Bridge</h1>" in page
    for label in ("Name", "What it is", "Note", "Roles", "Near", "Portion marking", "Story"):
        assert f">{label}" in page
    assert "As people call it." in page and "Chief, Helper since youth, Onlooker" in page
    assert "“since 2013-03-24”" in page
    assert form_of(raw(world, address=address), address) == {
        "revision": ["1"], "was": [entry_form.digests(read(2))], "name": ["Bridge"],
        "sort": ["place"], "note": ["Long.\nOld."], "tags": ["tool", "other"], "amount": ["3"],
        "day": ["2013-12-05"], "roles": ["Chief since 2013-01-01\nOnlooker"], "near": ["THG-1"],
        "crew": ["CRW-1"], "story": [""], "portion": [world.effort.marking.code],
    }  # fmt: skip
    assert '<dl class="ledger gap-small" id="f-state">' in page and "Proposed" in page
    assert 'name="state"' not in page  # an act sets it


def test_who_may_not_edit_reads(world: World) -> None:
    add(world, "Drum")
    add(world, note="Long.\nOld.", sort="place", near="THG-1")
    page = get(world, "board", f"{REGISTER}2/")
    assert "<dt>What it is</dt><dd>Place: of any sort</dd>" in page
    assert "Long.<br>Old." in page and "Not known" in page
    assert f'href="{PAGE}">THG-1: Drum' in page
    assert "<form" not in page.split("<h1>")[1]
    assert "Enter a dissent on THG-2" in page
    assert "Enter a dissent" not in get(world, "authority", PAGE)


def test_links_are_ticked_while_they_are_few(world: World) -> None:
    made = add(world)
    add(world, "Drum")
    add(world, "Fife")
    form = form_of(raw(world))
    assert form.get("near") is None
    page = get(world)
    assert 'value="THG-2"> <span class="label">THG-2</span> Drum' in page
    assert 'value="THG-1"' not in page  # it cannot name itself
    answer = post(world, **form | {"near": ["THG-3", "THG-2"]})
    assert answer.status_code == 302 and answer["Location"] == PAGE
    assert [str(one) for one in read().value("near")] == ["THG-3", "THG-2"]
    post(world, **form_of(raw(world)) | {"near": ["THG-2"]})
    assert [str(one) for one in read().value("near")] == ["THG-2"]
    post(world, **{k: v for k, v in form_of(raw(world)).items() if k != "near"})
    assert read().value("near") == [] and read().revision == 4
    assert made.number == 1


def test_links_are_typed_where_they_are_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_form, "BOXES", 2)
    add(world, near="")
    for name in ("Drum", "Fife; loud", "Gong"):
        add(world, name)
    page = raw(world)
    assert 'list="f-near-list"' in page and '<option value="THG-3 Fife, loud">' in page
    assert 'type="checkbox" name="near"' not in page
    form = form_of(page)
    assert form["near"] == [""]
    answer = post(world, **form | {"near": ["THG-3 Fife, loud; gong"]})
    assert answer.status_code == 302
    assert [str(one) for one in read().value("near")] == ["THG-3", "THG-4"]
    form = form_of(raw(world))
    assert form["near"] == ["THG-3", "THG-4", ""]
    post(world, **form | {"near": ["THG-4", "THG-2"]})
    assert [str(one) for one in read().value("near")] == ["THG-4", "THG-2"]
    refused = post(world, **form_of(raw(world)) | {"near": ["THG-4", "Nothing; of this"]})
    page = text(refused)
    assert refused.status_code == 400 and 'value="Nothing; of this"' in page
    assert '<a href="#f-near">Near: “Nothing” is not in Things' in page


def test_a_link_to_what_was_retired_stays_until_it_is_taken_out(world: World) -> None:
    add(world, "Gone")
    add(world, near="THG-1")
    actions.retire_entry(entry=read(1), why="Gone.", by=world["lead"])
    address = f"{REGISTER}2/"
    page = get(world, address=address)
    assert "Gone (retired)" in page
    form = form_of(raw(world, address=address), address)
    assert form["near"] == ["THG-1"]
    post(world, address=address, **form | {"note": "N."})
    assert [str(one) for one in read(2).value("near")] == ["THG-1"] and read(2).revision == 2
    form = form_of(raw(world, address=address), address)
    post(world, address=address, **form | {"near": [""]})
    assert read(2).value("near") == []


def test_a_cell_with_a_link_to_what_was_retired_is_left_as_it_is(world: World) -> None:
    add(world, near="")
    add(world, "Gone")
    actions.save_entry(entry=read(), values={"near": "THG-2"}, revision=1, by=world["lead"])
    actions.retire_entry(entry=read(2), why="Gone.", by=world["lead"])
    answer = put(world, "near", "THG-2", 2, **HTMX)
    assert answer.status_code == 200 and "Gone (retired)" in text(answer)
    assert read().revision == 2


def test_a_link_that_was_taken_out_can_be_ticked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_form, "BOXES", 0)
    add(world, near="")
    add(world, "Drum")
    actions.save_entry(entry=read(), values={"near": "THG-2"}, revision=1, by=world["lead"])
    answer = post(world, **form_of(raw(world)) | {"near": [""], "day": "no"})
    assert answer.status_code == 400
    assert re.search(r'type="checkbox" name="near" value="THG-2">', text(answer))


def test_what_is_no_choice_any_more_stays_as_well(world: World) -> None:
    add(world)
    Entry.objects.update(kind="boat")
    form = form_of(raw(world))
    assert form["sort"] == ["boat"]
    post(world, **form | {"note": "N."})
    assert (read().kind, read().data["note"]) == ("boat", "N.")
    assert "none of: Tool" in text(post(world, **form | {"sort": ["ship"]}))


# ---------- saving


def test_a_save_says_what_it_did(world: World) -> None:
    add(world)
    answer = world.client("member").post(PAGE, form_of(raw(world)) | {"note": "Long."}, follow=True)
    assert "THG-1 is saved." in text(answer) and read().data["note"] == "Long."
    again = world.client("member").post(PAGE, form_of(raw(world)), follow=True)
    assert "nothing was changed" in text(again) and read().revision == 2
    high = Marking.objects.order_by("rank").last()
    assert high is not None
    page = get(world)
    assert f'banner top" aria-label="Handling marking, top of page">{high.banner}' not in page
    post(world, **form_of(raw(world)) | {"portion": high.code})
    assert read().portion == high
    page = get(world)
    assert f'<p class="label"><span class="portion">{high.portion}' in page
    assert f'top of page">{high.banner}' in page  # the banner rises with the entry


def test_faults_stand_by_their_fields_and_nothing_typed_is_lost(world: World) -> None:
    add(world, note="Long.")
    sent = form_of(raw(world)) | {
        "name": "",
        "day": "5 December",
        "note": "Kept.\nToo.",
        "tags": ["tool"],
    }
    answer = post(world, **sent)
    page = text(answer)
    assert answer.status_code == 400
    assert "2 things to mend before this can be saved" in page
    assert '<a href="#f-name">Name is needed.</a>' in page and '<a href="#f-day">Day: “5 ' in page
    assert '<p class="field-error" id="f-name-error">Name is needed.</p>' in page
    assert re.search(r'id="f-day" name="day" value="5 December"[^>]*aria-invalid="true"', page)
    form = form_of(html.unescape(answer.content.decode()))
    assert form["note"] == ["Kept.\nToo."] and form["tags"] == ["tool"] and form["name"] == [""]
    assert read().data["note"] == "Long." and read().revision == 1
    again = post(world, **form | {"name": "Bridge", "day": ""})
    assert again.status_code == 302 and read().data["note"] == "Kept.\nToo."


def test_two_forms_with_different_changes_are_both_saved(world: World) -> None:
    add(world, note="Long.")
    mine, theirs = form_of(raw(world)), form_of(raw(world))
    post(world, "member", **theirs | {"note": "Longer."})
    answer = post(world, "lead", **mine | {"amount": "7"})
    assert answer.status_code == 302
    assert (read().data["note"], read().data["amount"]) == ("Longer.", 7)


def test_a_stale_save_shows_both_texts_and_keeps_what_was_typed(world: World) -> None:
    add(world, note="Long.")
    mine = form_of(raw(world))
    post(world, "member", **form_of(raw(world)) | {"note": "Longer.", "day": "2013-12-05"})
    answer = post(world, "lead", **mine | {"note": "Longest.", "amount": "7"})
    page = text(answer)
    assert answer.status_code == 409
    assert f"The {world['member'].post} saved THG-1 after you opened it" in page
    kept = page.split('id="stale"')[1].split("</section>")[0]
    assert "Longest." in kept and "Longer." in kept
    assert "Amount" not in kept and "2013-12-05" not in kept  # nobody else changed these
    form = form_of(html.unescape(answer.content.decode()))
    assert (form["note"], form["amount"], form["day"], form["revision"]) == (
        ["Longest."], ["7"], ["2013-12-05"], ["2"],
    )  # fmt: skip
    assert read().data["note"] == "Longer."
    assert post(world, "lead", **form).status_code == 302
    assert read().data | {"state": ""} == {
        "note": "Longest.", "amount": 7, "day": "2013-12-05", "state": "",
    }  # fmt: skip


def test_a_stale_portion_is_told(world: World) -> None:
    add(world)
    low, high = world.effort.marking, Marking.objects.order_by("-rank")[0]
    post(world, **form_of(raw(world)) | {"portion": high.code})
    mine = form_of(raw(world))
    post(world, "member", **form_of(raw(world)) | {"portion": low.code})
    Entry.objects.update(portion=Marking.objects.create(
        code="X", banner="X", portion="(X)", rank=15, ground="#000000",
    ))  # fmt: skip
    answer = post(world, **mine | {"portion": low.code})
    kept = text(answer).split('id="stale"')[1].split("</section>")[0]
    assert answer.status_code == 409 and "<h3>Portion</h3>" in kept
    assert f">{low.code}</div>" in kept and ">X</div>" in kept


def test_a_fault_does_not_hide_what_others_saved(world: World) -> None:
    add(world, note="Long.")
    mine = form_of(raw(world))
    post(world, "member", **form_of(raw(world)) | {"note": "Longer."})
    refused = post(world, "lead", **mine | {"note": "Longest.", "day": "no"})
    assert refused.status_code == 400
    form = form_of(html.unescape(refused.content.decode()))
    assert form["revision"] == ["1"]  # theirs was not shown yet
    answer = post(world, "lead", **form | {"day": ""})
    assert answer.status_code == 409 and "Longer." in text(answer)


@pytest.mark.parametrize("revision", ["", "one", "9" * 5_000])
def test_a_form_without_its_revision_is_refused(world: World, revision: str) -> None:
    add(world)
    answer = post(world, note="N.", revision=revision)
    assert answer.status_code == 400 and "Reload the page" in text(answer)
    assert "note" not in read().data


def test_a_form_of_some_fields_leaves_the_others(world: World) -> None:
    add(world, note="Long.", tags="tool")
    assert post(world, revision=1, amount="7").status_code == 302
    assert read().data | {"state": ""} == {
        "note": "Long.", "tags": ["tool"], "amount": 7, "state": "",
    }  # fmt: skip
    answer = post(world, revision=2, state="approved")
    assert answer.status_code == 302 and read().data["state"] == "proposed"


def test_what_was_retired_meanwhile_is_shown_with_what_was_typed(world: World) -> None:
    add(world)
    form = form_of(raw(world))
    actions.retire_entry(entry=read(), why="It fell.", by=world["member"])
    answer = post(world, **form | {"note": "A long note."})
    page = text(answer)
    assert answer.status_code == 409
    assert "Bring it back first" in page and "A long note." in page and "It fell." in page


# ---------- cells


def cell(world: World, field: str, who: str = "lead", number: int = 1) -> str:
    """A cell as htmx gets it."""
    return get(world, who, f"{REGISTER}{number}/cells/{field}/", **HTMX)


def put(world: World, field: str, value: Any, revision: int = 1, **headers: Any) -> HttpResponse:
    """Save a cell as htmx does, or without ``headers`` as a browser does."""
    sent = {"value": value, "revision": revision}
    return world.client("lead").post(f"{PAGE}cells/{field}/", sent, **headers)


def test_a_cell_opens_as_a_form(world: World) -> None:
    add(world, "Drum")
    add(
        world, sort="place", tags="tool", note="Long.", roles="Chief since 2013-01-01; Onlooker",
        near="THG-1",
    )  # fmt: skip
    found = {key: cell(world, key, number=2) for key in ("name", "sort", "tags", "roles", "near")}
    for key, page in found.items():
        assert f'action="{REGISTER}2/cells/{key}/"' in page and 'name="revision" value="1"' in page
        assert "<html" not in page
    assert '<th role="rowheader"' in found["name"] and 'value="Bridge"' in found["name"]
    assert '<option value="place" selected>' in found["sort"]
    assert 'value="tool" checked' in found["tags"]
    assert ">Chief since 2013-01-01 Onlooker</textarea>" in found["roles"]
    assert 'value="THG-1" checked' in found["near"]


def test_a_cell_of_many_links_is_a_line_of_numbers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry_form, "BOXES", 0)
    add(world)
    for name in ("Same", "Same; twice"):
        add(world, name)
    actions.save_entry(
        entry=read(), values={"near": ["THG-2", "THG-3"]}, revision=1, by=world["lead"]
    )
    assert 'value="THG-2; THG-3"' in cell(world, "near")
    assert put(world, "near", "THG-3; same", 2, **HTMX).status_code == 200
    assert [str(one) for one in read().value("near")] == ["THG-3", "THG-2"]


@pytest.mark.parametrize(("who", "field"), [("board", "note"), ("lead", "state")])
def test_what_may_not_be_edited_opens_as_words(world: World, who: str, field: str) -> None:
    add(world, note="Long.")
    page = cell(world, field, who)
    assert "<form" not in page and "data-fixed" in page
    assert ("Long." if field == "note" else "Proposed") in page


def test_a_saved_cell_comes_back_as_words(world: World) -> None:
    add(world, "Drum")
    add(world, near="THG-1")
    actions.save_entry(entry=read(1), values={"amount": 3}, revision=1, by=world["lead"])
    address = f"{REGISTER}2/cells/"
    client = world.client("lead")
    answer = client.post(f"{address}note/", {"value": "Long.", "revision": 1}, **HTMX)
    assert answer.status_code == 200
    assert re.fullmatch(r'<td role="cell"[^>]*>Long.</td>', text(answer))
    assert (read(2).data["note"], read(2).revision) == ("Long.", 2)
    title = text(client.post(f"{address}name/", {"value": "Span", "revision": 2}, **HTMX))
    assert f'<a href="{REGISTER}2/">Span</a>' in title and "Look again" not in title
    links = text(client.post(f"{address}near/", {"value": [], "revision": 3}, **HTMX))
    assert re.fullmatch(r'<td role="cell"[^>]*></td>', links) and read(2).value("near") == []
    assert AuditEvent.objects.filter(code="entry.edited").count() == 4


def test_the_title_cell_says_that_somebody_has_to_look_again(world: World) -> None:
    add(world, near="")
    add(world, "Drum", near="THG-1")
    actions.save_entry(entry=read(2), values={"amount": 3}, revision=1, by=world["lead"])
    assert "Look again" in cell(world, "name", "board")
    assert "Look again" not in cell(world, "note", "board")
    assert "Look again" in text(put(world, "name", "Bridge", **HTMX))  # nothing was changed
    assert "Look again" not in text(put(world, "name", "Span", **HTMX))


def test_a_refused_cell_comes_back_with_its_fault(world: World) -> None:
    add(world)
    answer = put(world, "day", "5 December", **HTMX)
    page = text(answer)
    assert answer.status_code == 400
    assert "cell-form" in page and "write it as 2013-12-05" in page and 'value="5 Dec' in page
    assert put(world, "name", "", **HTMX).status_code == 400
    act = put(world, "state", "approved", **HTMX)
    assert act.status_code == 400 and "act of its own" in text(act)
    assert put(world, "note", "N.", "x", **HTMX).status_code == 400
    assert read().revision == 1


def test_a_stale_cell_comes_back_with_both_texts(world: World) -> None:
    add(world, sort="tool")
    actions.save_entry(entry=read(), values={"sort": "place"}, revision=1, by=world["member"])
    answer = put(world, "sort", "other", **HTMX)
    page = text(answer)
    assert answer.status_code == 409 and "cell-form" in page
    assert "Now: “Place: of any sort”. Yours: “Other”." in page
    assert 'name="revision" value="2"' in page and '<option value="other" selected>' in page
    assert put(world, "sort", "other", 2, **HTMX).status_code == 200 and read().kind == "other"
    actions.save_entry(entry=read(), values={"note": "N."}, revision=3, by=world["member"])
    assert put(world, "sort", "", 3, **HTMX).status_code == 200  # another field is no conflict
    stale = put(world, "note", "", 3, **HTMX)
    assert "Now: “N.”. Yours: “nothing”." in text(stale)


def test_a_cell_of_a_retired_entry(world: World) -> None:
    add(world)
    actions.retire_entry(entry=read(), why="It fell.", by=world["lead"])
    assert "<form" not in cell(world, "name")
    answer = put(world, "name", "Span", **HTMX)
    assert answer.status_code == 409 and "Bring it back first" in text(answer)
    assert 'value="Span"' in text(answer)


def test_cells_without_scripts(world: World) -> None:
    add(world)
    answer = world.client("lead").get(f"{PAGE}cells/note/")
    assert answer.status_code == 302 and answer["Location"] == f"{PAGE}#f-note"
    assert put(world, "note", "Long.")["Location"] == PAGE and read().data["note"] == "Long."
    refused = put(world, "day", "5 December", 2)
    assert refused.status_code == 400 and "<h1>" in text(refused) and "5 December" in text(refused)
    for field in ("none", "portion", "title"):
        assert world.client("lead").get(f"{PAGE}cells/{field}/").status_code == 404


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999999999"])
def test_an_entry_that_is_none(world: World, number: str) -> None:
    add(world)
    for address in (f"{REGISTER}{number}/", f"/efforts/country-x/registers/none/{number}/"):
        for ending in ("", "cells/name/"):
            assert world.client("lead").get(f"{address}{ending}").status_code == 404
        for verb in ("", "highlight/", "move/", "review/", "retire/", "restore/"):
            assert post(world, address=f"{address}{verb}", revision="1").status_code == 404
