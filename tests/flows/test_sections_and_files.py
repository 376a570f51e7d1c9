"""Saves and files, through the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mapro.core import files, jobs
from mapro.core.errors import Invalid, StaleSave, TooLarge, WrongState
from mapro.core.models import AuditEvent, Job
from planning import actions, framework
from planning.models import Rendition, SectionRevision
from planning.products import richtext
from planning.products.annex_d import CATALOGUE
from planning.products.definition import Layout
from planning.rendering import pdf
from planning.vocabulary import RenditionStatus
from tests.world import World, do_jobs, rendition_of

PURPOSE = "/efforts/country-x/products/tab-01/sections/purpose/"
AUTOSAVE = {"X-Autosave": "1"}


def save(world: World, who: str = "member", **form: Any) -> Any:
    """POST a save as the editor does."""
    sent = {"body": "<p>Text.</p>", "revision": 0, "format": "html"} | form
    return world.client(who).post(PURPOSE, sent, headers=AUTOSAVE)


def test_save_answers_the_new_revision(world: World) -> None:
    answer = save(world)
    assert answer.status_code == 200
    assert answer.json()["revision"] == 1
    assert len(answer.content) <= 5_000
    assert world.section().body == "<p>Text.</p>"


def test_save_without_script_takes_plain_text(world: World) -> None:
    answer = world.client("member").post(
        PURPOSE, {"body": "One.\r\n\r\n- two\r\n- three", "revision": 0, "format": "text"}
    )
    assert answer.status_code == 302
    assert world.section().body == "<p>One.</p><ul><li><p>two</p></li><li><p>three</p></li></ul>"
    page = world.client("member").get(PURPOSE).content.decode()
    assert "One.\n\n- two\n- three" in page
    assert 'name="format" value="text"' in page


def test_stale_save_is_refused_and_keeps_both_texts(world: World) -> None:
    save(world, body="<p>Theirs.</p>")
    answer = save(world, "lead", body="<p>Mine.</p>")
    assert answer.status_code == 409
    body = answer.json()
    assert (body["code"], body["yours"], body["theirs"]) == (
        "stale_save", "<p>Mine.</p>", "<p>Theirs.</p>",
    )  # fmt: skip
    assert world.section().body == "<p>Theirs.</p>"
    page = world.client("lead").post(PURPOSE, {"body": "Mine.", "revision": 0, "format": "text"})
    assert page.status_code == 409
    text = page.content.decode()
    assert text.count("Mine.") == 2  # beside theirs, and in the form
    assert "Theirs." in text
    assert 'name="revision" value="1"' in text


def test_the_same_save_twice_is_one(world: World) -> None:
    save(world)
    again = save(world)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    assert SectionRevision.objects.count() == 1
    assert AuditEvent.objects.filter(code="section.saved").count() == 1


def test_every_save_is_kept(world: World) -> None:
    for revision in range(3):
        save(world, body=f"<p>Text {revision}.</p>", revision=revision)
    kept = SectionRevision.objects.filter(section=world.section()).values_list("body", flat=True)
    assert list(kept) == ["<p>Text 0.</p>", "<p>Text 1.</p>", "<p>Text 2.</p>"]


def test_two_megabytes_of_pasted_script_are_refused_and_kept_in_the_form(world: World) -> None:
    hostile = "<p>Kept words.</p>" + "<script>alert(1)</script>" * 80_000
    answer = save(world, body=hostile)
    assert answer.status_code == 413
    assert "200 kB" in answer.json()["detail"]
    page = world.client("member").post(PURPOSE, {"body": hostile, "revision": 0, "format": "html"})
    assert page.status_code == 413
    assert "Kept words." in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()
    api = world.client("member").put(
        f"/api/v1/sections/{world.section().pk}/",
        json.dumps({"body": hostile, "revision": 0}), content_type="application/json",
    )  # fmt: skip
    assert api.status_code == 413
    assert world.section().revision == 0


def test_more_than_the_server_reads_gets_a_clear_answer(world: World) -> None:
    answer = save(world, body="x" * 4_000_000)
    assert answer.status_code == 400


def test_scripts_are_taken_out_of_what_is_saved(world: World) -> None:
    save(world, body='<p onclick="x()">Words<script>alert(1)</script><img src=x onerror=y></p>')
    assert world.section().body == "<p>Words</p>"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_a_broken_revision_is_refused_in_words(world: World, revision: str) -> None:
    answer = save(world, revision=revision)
    assert answer.status_code in {400, 409}
    assert answer.json()["detail"]


def test_an_unknown_marking_is_refused(world: World) -> None:
    answer = save(world, portion="TOP")
    assert answer.status_code == 400
    assert "TOP" in answer.json()["detail"]


def test_the_banner_follows_the_highest_portion(world: World) -> None:
    assert (
        "CONTROLLED // EXERCISE"
        not in world.client("board").get("/efforts/country-x/").content.decode()
    )
    save(world, portion="CUI")
    for page in ("/efforts/country-x/", PURPOSE, "/efforts/country-x/record/"):
        text = world.client("board").get(page).content.decode()
        assert text.count("CONTROLLED // EXERCISE") >= 2


def test_signed_out_autosave_is_told_to_sign_in(world: World) -> None:
    answer = world.client("anonymous").post(PURPOSE, {"body": "x", "revision": 0}, headers=AUTOSAVE)
    assert answer.status_code == 401


def test_export_renders_once_for_the_same_text(world: World) -> None:
    world.write()
    for _ in range(2):
        answer = world.client("lead").post("/efforts/country-x/products/tab-01/export/")
        assert answer.status_code == 302
    assert Rendition.objects.count() == 1
    assert do_jobs() == 1
    rendition = rendition_of(world)
    assert rendition.state is RenditionStatus.READY
    assert files.path(rendition.file).read_bytes().startswith(b"%PDF-1.7")
    page = world.client("lead").get(answer["Location"]).content.decode()
    assert "Download PDF" in page
    file = world.client("board").get(f"/renditions/{rendition.pk}/file/")
    assert file["Content-Disposition"] == (
        'attachment; filename="country-x-tab-01-initial-guidance-v1-draft.pdf"'
    )


def test_progress_is_shown_until_the_file_is_there(world: World) -> None:
    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    rendition = rendition_of(world)
    address = f"/renditions/{rendition.pk}/"
    partial = world.client("lead").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "waiting for the worker" in partial
    assert 'hx-trigger="every 1s"' in partial
    assert world.client("lead").get(f"{address}file/").status_code == 409
    do_jobs()
    partial = world.client("lead").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in partial
    assert "Download PDF" in partial


def test_a_failed_render_says_why_and_can_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(document: Any) -> None:
        raise pdf.RenderError("The text is nested too deeply.")

    world.write()
    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "render", refuse)
        assert do_jobs() == 0
    rendition = rendition_of(world)
    page = world.client("lead").get(f"/renditions/{rendition.pk}/").content.decode()
    assert "The text is nested too deeply." in page
    assert "Try again" in page
    world.client("lead").post(f"/renditions/{rendition.pk}/retry/")
    assert do_jobs() == 1
    assert rendition_of(world).state is RenditionStatus.READY
    with pytest.raises(WrongState):
        actions.retry_rendition(rendition=rendition_of(world), by=world["lead"])


def test_a_full_disk_is_said_and_leaves_no_half_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    with monkeypatch.context() as broken:
        broken.setattr(files.os, "replace", full)
        do_jobs()
    rendition = rendition_of(world)
    assert rendition.state is RenditionStatus.FAILED
    assert "disk" in rendition.reason
    with pytest.raises(FileNotFoundError):
        files.path(f"renditions/{rendition.fingerprint}.pdf")


def test_approval_makes_the_final_file_ahead(world: World) -> None:
    world.approve()
    do_jobs()
    final = Rendition.objects.filter(approved=True)
    assert {(row.format, row.status) for row in final} == {("pdf", "ready"), ("docx", "ready")}
    assert [row.format for row in Rendition.objects.filter(approved=False)] == ["pdf"]
    assert Job.objects.filter(finished_at=None).count() == 0


def test_a_briefing_is_made_as_slides_ahead_too(world: World) -> None:
    for number in (1, 2):
        world.approve(number)
    ahead = Rendition.objects.filter(approved=True, version__product__step__number=2)
    made = {(row.version.product.key, row.format) for row in ahead if row.version}
    assert made == {
        (key, form)
        for key in framework.step(2).owes
        for form in ("pdf", "docx", "pptx")
        if form != "pptx" or Layout.BRIEFING in CATALOGUE[key].layouts
    }
    assert "pptx" in {form for _, form in made}


def test_an_unexpected_fault_is_shown_without_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    monkeypatch.setattr(pdf, "render", lambda document: 1 / 0)
    do_jobs()
    reason = rendition_of(world).reason
    assert "Reference: job" in reason
    assert "ZeroDivisionError" not in reason


def test_a_job_of_a_dead_worker_is_done_by_the_next(world: World) -> None:
    from datetime import timedelta

    from django.utils import timezone

    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    job = Job.objects.get()
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=60), attempts=1)
    assert jobs.run(job.pk) is False  # somebody holds it
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run(job.pk) is True
    assert jobs.run(job.pk) is False  # it is done
    assert Rendition.objects.filter(status="ready").count() == 1


def test_a_job_that_kills_its_worker_again_and_again_is_given_up(world: World) -> None:
    world.client("lead").post("/efforts/country-x/products/tab-01/export/")
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS)
    do_jobs()
    assert "stopped" in rendition_of(world).reason


def test_limits_are_raised_by_the_action_too(world: World) -> None:
    section = world.section()
    with pytest.raises(TooLarge):
        actions.save_section(
            section=section, body="x" * (richtext.MAX_BODY_BYTES + 1), revision=0,
            by=world["member"],
        )  # fmt: skip
    with pytest.raises(StaleSave):
        actions.save_section(section=section, body="<p>x</p>", revision=7, by=world["member"])
    with pytest.raises(Invalid):
        actions.save_section(section=section, body="x", revision=0, portion="?", by=world["member"])
