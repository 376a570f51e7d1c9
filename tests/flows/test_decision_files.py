"""Decision memos as files: named, listed, filtered, asked for in another format."""

from __future__ import annotations

import io
import json
from html import unescape
from typing import Any

import pytest
from docx import Document as WordFile
from pypdf import PdfReader

from mapro.core.errors import Invalid
from mapro.core.models import AuditEvent
from planning import selectors
from planning.actions.rendition import request_decision_memo
from planning.models import Rendition, Submission
from planning.vocabulary import Format, Outcome, RenditionKind
from tests.world import World, do_jobs

LIBRARY = "/efforts/country-x/library/"


def memos(world: World) -> list[Rendition]:
    """The decision memos, oldest first."""
    rows = Rendition.objects.select_related("effort", "submission__step")
    return list(rows.filter(kind=RenditionKind.DECISION, effort=world.effort).order_by("pk"))


def returned_then_approved(world: World) -> None:
    """Step 1 is returned once, then approved; every file is made."""
    world.write()
    world.decide(world.submit(), Outcome.RETURN, guidance="Say who asked for it.")
    world.decide(world.submit(ask="Approve it now."))
    do_jobs()


def ask(world: World, who: str = "lead", **form: Any) -> Any:
    """Ask for a memo through the library's form."""
    return world.client(who).post(f"{LIBRARY}export/", {"kind": "decision"} | form)


def content(world: World, found: Rendition, who: str = "board") -> tuple[str, bytes]:
    """Name and bytes of a download."""
    answer = world.client(who).get(f"/renditions/{found.pk}/file/")
    assert answer.status_code == 200
    return answer["Content-Disposition"], b"".join(answer.streaming_content)


def test_memos_are_named_by_step_and_submission_and_never_a_draft(world: World) -> None:
    returned_then_approved(world)
    first, second = memos(world)
    assert (first.approved, second.approved) == (False, True)
    for number, found in enumerate((first, second), 1):
        name, made = content(world, found)
        assert f'filename="country-x-decision-step-1-submission-{number}.pdf"' in name
        assert made.startswith(b"%PDF-1.7")
        words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
        assert "DRAFT" not in words
    client = world.client("member")
    for found in (first, second):
        page = client.get(f"/renditions/{found.pk}/").content.decode()
        assert "watermarked" not in page and ", draft" not in page


def test_the_library_lists_and_filters_them(world: World) -> None:
    returned_then_approved(world)
    first, second = memos(world)
    client = world.client("board")
    answer = client.get(f"{LIBRARY}?kind=decision")
    assert [row.pk for row in answer.context["rows"]] == [second.pk, first.pk]
    page = unescape(answer.content.decode())
    assert "Decision memo, Step 1, Submission 2, PDF" in page
    assert '<span class="label block">Approve it now.</span>' in page
    assert '<option value="decision" selected>Decision memo</option>' in page
    assert page.count("Returned</span>") == 1
    assert "draft</span>" not in page
    both = client.get(f"{LIBRARY}?kind=decision&format=docx")
    assert not both.context["rows"]
    everything = client.get(LIBRARY).context["rows"]
    assert {first.pk, second.pk} < {row.pk for row in everything}


def test_the_page_of_a_memo_leads_to_its_decision(world: World) -> None:
    returned_then_approved(world)
    first, _ = memos(world)
    page = world.client("board").get(f"/renditions/{first.pk}/").content.decode()
    assert 'href="/efforts/country-x/steps/1/#sub-1"' in page
    assert "Returned with guidance" in page
    assert "The same memo as Word" not in page
    assert "The same memo as Word" in (
        world.client("lead").get(f"/renditions/{first.pk}/").content.decode()
    )


def test_a_memo_is_made_as_word_from_the_same_record(world: World) -> None:
    returned_then_approved(world)
    _, pdf = memos(world)
    key = pdf.submission_id
    answer = ask(world, submission=key, format="docx")
    made = memos(world)[-1]
    assert answer["Location"] == f"/renditions/{made.pk}/"
    assert (made.form, made.approved, made.payload) == (Format.DOCX, True, pdf.payload)
    assert AuditEvent.objects.filter(code="rendition.requested").latest("seq").label == (
        "Decision memo, Step 1, Submission 2, Word"
    )
    do_jobs()
    name, body = content(world, made)
    assert "country-x-decision-step-1-submission-2.docx" in name
    words = "\n".join(p.text for p in WordFile(io.BytesIO(body)).paragraphs)
    assert "Approved" in words
    again = ask(world, submission=key, format="docx")
    assert again["Location"] == f"/renditions/{made.pk}/file/"
    assert ask(world, submission=key, format="pdf")["Location"] == f"/renditions/{pdf.pk}/file/"
    assert len(memos(world)) == 3


def test_what_cannot_be_asked_for_is_refused(world: World) -> None:
    world.write()
    pending = world.submit()
    step = world.other.steps.get(number=1)
    hidden = Submission.objects.create(
        step=step, number=1, ask="?", package_hash="0" * 64, submitted_by=world["outsider"],
        submitted_at=pending.submitted_at,
    )  # fmt: skip
    for form, status in (
        ({"submission": pending.pk, "format": "docx"}, 400),  # nothing was decided
        ({"submission": pending.pk, "format": "exe"}, 400),
        ({"submission": hidden.pk, "format": "docx"}, 404),
        ({"submission": "x", "format": "docx"}, 404),
        ({"format": "docx"}, 404),
    ):
        assert ask(world, **form).status_code == status, form
    with pytest.raises(Invalid, match="no memo"):
        request_decision_memo(submission=pending, form=Format.DOCX, by=world["lead"])
    world.decide(pending)
    with pytest.raises(Invalid, match="cannot be exported as Excel"):
        request_decision_memo(submission=pending, form=Format.XLSX, by=world["lead"])
    for who in ("member", "board", "authority"):
        assert ask(world, who, submission=pending.pk, format="docx").status_code == 403
    assert ask(world, "outsider", submission=pending.pk, format="docx").status_code == 404
    assert len(memos(world)) == 1


def wish(world: World, who: str = "lead", **body: Any) -> Any:
    """Ask for a file through the API."""
    return world.client(who).post("/api/v1/renditions/", json.dumps(body), "application/json")


def test_the_api_makes_them_too(world: World) -> None:
    returned_then_approved(world)
    _, pdf = memos(world)
    key = pdf.submission_id
    made = wish(world, submission=key, format="docx")
    assert made.status_code == 202, made.content
    row = made.json()
    assert (row["kind"], row["submission"], row["version"]) == ("decision", key, None)
    assert wish(world, submission=key).status_code == 200  # the PDF is there
    listed = world.client("member").get(f"/api/v1/renditions/?submission={key}").json()["results"]
    assert [r["id"] for r in listed] == [row["id"], pdf.pk]
    assert wish(world, submission=key, format="xlsx").json()["fields"].keys() == {"format"}
    assert wish(world, submission=key, product=world.product().pk).status_code == 400
    assert wish(world, "member", submission=key).status_code == 403
    assert wish(world, "outsider", submission=key).status_code == 404
    assert wish(world, submission=999_999).status_code == 404


def test_the_library_costs_the_same_with_memos(
    world: World, django_assert_num_queries: Any
) -> None:
    returned_then_approved(world)
    client = world.client("lead")
    client.get(LIBRARY)
    with django_assert_num_queries(1):
        rows = selectors.files_of(world.effort)
        assert any(str(row).startswith("Decision memo, Step 1") for row in rows)
