"""Files: every format through the jobs, made once, taken back, collected, listed, downloaded."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from pypdf import PdfReader

from mapro.core import files
from mapro.core.errors import Invalid, WrongState
from mapro.core.models import AuditEvent, Job
from planning import actions, selectors
from planning.actions import press, rendition
from planning.actions.freeze import freeze
from planning.models import Effort, Membership, Rendition, Version
from planning.rendering import pdf
from planning.scenario import fresh
from planning.selectors import filename
from planning.vocabulary import PRODUCT_FORMATS, Format, RenditionKind, RenditionStatus
from tests.world import World, do_jobs, rendition_of

TAB_01 = "/efforts/country-x/products/tab-01/"
LIBRARY = "/efforts/country-x/library/"
BEGINS = {
    Format.PDF: b"%PDF-1.7", Format.PDF_RECORD: b"%PDF-", Format.HTML: b"<!doctype html>",
    Format.DOCX: b"PK", Format.PPTX: b"PK", Format.XLSX: b"PK", Format.ZIP: b"PK",
}  # fmt: skip


def export(world: World, who: str = "lead", **form: str) -> Any:
    """Export Tab 1 through its page."""
    return world.client(who).post(f"{TAB_01}export/", form)


def collect(world: World, kind: str, edition: str, who: str = "lead") -> Any:
    """Ask for a binder or an archive through the library."""
    return world.client(who).post(f"{LIBRARY}export/", {"kind": kind, "edition": edition})


def download(world: World, found: Rendition, who: str = "board") -> tuple[Any, bytes]:
    """Answer and bytes of a download."""
    answer = world.client(who).get(f"/renditions/{found.pk}/file/")
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def again(found: Rendition) -> Rendition:
    """The same file, read anew."""
    return Rendition.objects.select_related("effort", "version__product").get(pk=found.pk)


def table(world: World) -> None:
    """A table in Tab 1, which a workbook needs."""
    section = world.section()
    actions.save_section(
        section=section, body="<table><tbody><tr><th><p>Who</p></th></tr></tbody></table>",
        revision=section.revision, by=world["member"],
    )  # fmt: skip


# ---------- every format


@pytest.mark.parametrize("form", PRODUCT_FORMATS)
def test_every_format_is_made_named_and_downloaded(world: World, form: Format) -> None:
    world.write()
    table(world)
    assert export(world, format=form).status_code == 302
    assert do_jobs() == 1
    found = rendition_of(world)
    assert (found.state, found.form) == (RenditionStatus.READY, form)
    answer, content = download(world, found)
    assert content.startswith(BEGINS[form])
    assert (len(content), hashlib.sha256(content).hexdigest()) == (found.size, found.sha256)
    assert answer["Content-Type"] == form.media_type
    record = "-record" if form is Format.PDF_RECORD else ""
    assert answer["Content-Disposition"] == (
        "attachment; filename="
        f'"country-x-tab-01-initial-guidance-v1{record}-draft.{form.extension}"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    event = AuditEvent.objects.get(code="rendition.made")
    assert event.new == {"sha256": found.sha256, "size": found.size}


def test_a_text_without_tables_makes_no_workbook_and_says_so(world: World) -> None:
    world.write()
    export(world, format="xlsx")
    assert do_jobs() == 0
    found = rendition_of(world)
    assert found.state is RenditionStatus.FAILED
    assert "table" in found.reason


def test_each_format_that_is_offered_can_be_made() -> None:
    for form in PRODUCT_FORMATS:
        assert callable(press.renderer(form))
    with pytest.raises(ValueError, match="ZIP"):
        press.renderer(Format.ZIP)


def test_a_pdf_is_shown_in_the_browser_and_html_never_is(world: World) -> None:
    world.write()
    export(world, format="pdf")
    export(world, format="html")
    do_jobs()
    for found in Rendition.objects.all():
        answer = world.client("board").get(f"/renditions/{found.pk}/file/?inline=1")
        kind = answer["Content-Disposition"].split(";")[0]
        assert kind == ("inline" if found.form is Format.PDF else "attachment")


@pytest.mark.parametrize("layout", ["memorandum", "one_page"])
def test_layouts_are_files_of_their_own(world: World, layout: str) -> None:
    world.write()
    export(world, format="pdf")
    export(world, format="pdf", layout=layout)
    own = layout == "one_page"
    assert Rendition.objects.count() == (2 if own else 1)
    assert do_jobs() == Rendition.objects.count()
    found = again(rendition_of(world))
    assert found.layout == ("one_page" if own else "")
    assert ("-one-page-" in filename(found)) == own


@pytest.mark.parametrize(
    "form",
    [
        {"format": "zip"}, {"format": "exe"}, {"layout": "briefing"}, {"version": "9"},
        {"version": "approved"}, {"version": "x"}, {"version": "²"}, {"version": "9" * 40},
    ],
)  # fmt: skip
def test_what_cannot_be_exported_is_said(world: World, form: dict[str, str]) -> None:
    assert export(world, **form).status_code == 400
    assert not Rendition.objects.exists()


# ---------- once


def test_the_same_text_is_made_once_whoever_asks(world: World) -> None:
    world.write()
    first = export(world, format="docx")
    assert first["Location"] == f"/renditions/{Rendition.objects.get().pk}/"
    do_jobs()
    second = export(world, format="docx")
    assert second["Location"] == f"/renditions/{Rendition.objects.get().pk}/file/"
    assert world.client("lead").get(second["Location"]).status_code == 200
    assert (Rendition.objects.count(), Job.objects.count()) == (1, 1)
    assert AuditEvent.objects.filter(code="rendition.requested").count() == 1


def test_another_state_another_format_and_another_text_are_other_files(world: World) -> None:
    world.write()
    export(world, format="docx")
    world.decide(world.submit())
    export(world, format="docx", version="approved")
    prints = list(Rendition.objects.filter(format="docx").values_list("fingerprint", "approved"))
    assert sorted(approved for _, approved in prints) == [False, True]
    assert len({fingerprint for fingerprint, _ in prints}) == 2


def test_a_new_renderer_makes_new_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = freeze(product=world.product(), by=world["lead"])
    before = rendition.wanted(version, Format.PDF).fingerprint
    assert rendition.wanted(version, Format.PDF).fingerprint == before
    monkeypatch.setattr(rendition, "RENDERER", rendition.RENDERER + 1)
    assert rendition.wanted(version, Format.PDF).fingerprint != before


def test_approval_makes_files_ahead_and_export_answers_with_them(world: World) -> None:
    world.approve()
    do_jobs()
    made = Rendition.objects.filter(approved=True, kind="product")
    assert {(f.format, f.status) for f in made} == {("pdf", "ready"), ("docx", "ready")}
    for found in made:
        answer = export(world, format=found.format, version="approved")
        assert answer["Location"] == f"/renditions/{found.pk}/file/"
        _, content = download(world, found)
        assert content
    assert filename(again(made[0])).count("draft") == 0


# ---------- taken back, tried again


def test_cancelled_before_it_is_made(world: World) -> None:
    export(world)
    found = rendition_of(world)
    page = world.client("lead").get(f"/renditions/{found.pk}/").content.decode()
    assert "Cancel" in page
    world.client("lead").post(f"/renditions/{found.pk}/cancel/")
    do_jobs()
    found = again(found)
    assert (found.state, found.file) == (RenditionStatus.CANCELLED, "")
    assert world.client("lead").get(f"/renditions/{found.pk}/file/").status_code == 409
    with pytest.raises(WrongState):
        actions.cancel_rendition(rendition=found, by=world["lead"])


def test_cancelled_while_it_is_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    export(world)
    found = rendition_of(world)

    def made_slowly(tree: Any) -> Any:
        actions.cancel_rendition(rendition=again(found), by=world["lead"])
        return made(tree)

    made = pdf.render
    monkeypatch.setattr(pdf, "render", made_slowly)
    do_jobs()
    assert again(found).state is RenditionStatus.CANCELLED
    assert not AuditEvent.objects.filter(code__in=["rendition.made", "rendition.failed"]).exists()
    assert Job.objects.get().finished_at is not None


def test_cancelled_and_asked_for_again_while_it_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker ends in peace; the second makes the file."""
    export(world)
    found = rendition_of(world)

    def made_slowly(tree: Any) -> Any:
        actions.cancel_rendition(rendition=again(found), by=world["lead"])
        actions.retry_rendition(rendition=again(found), by=world["lead"])
        return made(tree)

    made = pdf.render
    with monkeypatch.context() as slow:
        slow.setattr(pdf, "render", made_slowly)
        do_jobs()
    assert again(found).state is RenditionStatus.QUEUED
    assert do_jobs() == 1
    assert again(found).state is RenditionStatus.READY
    assert not Job.objects.filter(finished_at=None).exists()
    assert not AuditEvent.objects.filter(code="rendition.failed").exists()


def test_a_job_that_is_given_up_late_leaves_the_file_as_it_is(world: World) -> None:
    export(world)
    do_jobs()
    found = rendition_of(world)
    press.fail_rendition(found.pk, "Too late.")
    assert (again(found).state, again(found).reason) == (RenditionStatus.READY, "")


@pytest.mark.parametrize("state", ["cancelled", "failed"])
def test_asking_again_queues_it_again(
    world: World, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(world)
    found = rendition_of(world)
    if state == "cancelled":
        actions.cancel_rendition(rendition=found, by=world["lead"])
    else:
        with monkeypatch.context() as broken:
            broken.setattr(pdf, "render", lambda tree: 1 / 0)
            do_jobs()
    assert again(found).status == state
    page = world.client("lead").get(f"/renditions/{found.pk}/").content.decode()
    assert "Try again" in page
    assert "Try again" not in world.client("board").get(f"/renditions/{found.pk}/").content.decode()
    answer = export(world)
    assert answer["Location"] == f"/renditions/{found.pk}/"
    # The job of what was cancelled is still waiting; whichever comes first makes the file.
    assert do_jobs() == (2 if state == "cancelled" else 1)
    assert again(found).state is RenditionStatus.READY
    assert AuditEvent.objects.filter(code="rendition.made").count() == 1
    assert Rendition.objects.count() == 1
    with pytest.raises(WrongState):
        actions.retry_rendition(rendition=again(found), by=world["lead"])


def test_a_file_that_is_gone_is_said_and_made_again(world: World) -> None:
    world.write()
    export(world)
    do_jobs()
    found = rendition_of(world)
    before = found.sha256
    files.path(found.file).unlink()
    answer = world.client("board").get(f"/renditions/{found.pk}/file/")
    assert answer.status_code == 409
    assert "gone from the storage" in answer.content.decode()
    assert export(world)["Location"] == f"/renditions/{found.pk}/"
    assert again(found).state is RenditionStatus.QUEUED
    assert do_jobs() == 1
    answer, content = download(world, again(found))
    assert answer.status_code == 200
    assert hashlib.sha256(content).hexdigest() == before  # the same text gives the same bytes


def test_only_the_lead_asks_cancels_and_tries_again(world: World) -> None:
    export(world)
    found = rendition_of(world)
    for who, status in (("member", 403), ("board", 403), ("outsider", 404), ("admin", 404)):
        assert export(world, who).status_code == status
        for verb in ("cancel", "retry"):
            answer = world.client(who).post(f"/renditions/{found.pk}/{verb}/")
            assert answer.status_code == status, (who, verb)
        assert collect(world, "binder", "current", who).status_code == status


# ---------- who downloads


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200), ("member", 200), ("board", 200), ("authority", 200), ("outsider", 404),
        ("admin", 404), ("observer", 404), ("partner", 404), ("anonymous", 302),
    ],
)  # fmt: skip
def test_who_downloads(world: World, who: str, status: int) -> None:
    export(world)
    do_jobs()
    found = rendition_of(world)
    for address in (f"/renditions/{found.pk}/", f"/renditions/{found.pk}/file/"):
        assert world.client(who).get(address).status_code == status


def test_rights_are_checked_at_each_download(world: World) -> None:
    export(world)
    do_jobs()
    address = f"/renditions/{rendition_of(world).pk}/file/"
    assert world.client("board").get(address).status_code == 200
    membership = Membership.objects.get(effort=world.effort, user=world["board"])
    actions.remove_member(membership=membership, by=world["lead"])
    for path in (address, LIBRARY, f"{TAB_01}versions/"):
        assert world.client("board").get(path).status_code == 404
    assert world.client("board-io").get(address).status_code == 200


# ---------- binder and archive


def approved_twice(world: World) -> None:
    """Steps 1 and 2 are approved, and Step 3 is begun."""
    world.approve()
    world.approve(2)
    world.owe(3)
    Job.objects.all().delete()


def test_a_binder_of_the_approved_products(world: World) -> None:
    approved_twice(world)
    answer = collect(world, "binder", "approved")
    found = Rendition.objects.get(kind=RenditionKind.BINDER)
    assert answer["Location"] == f"/renditions/{found.pk}/"
    assert do_jobs() == 1
    found = again(found)
    assert (found.state, found.approved) == (RenditionStatus.READY, True)
    answer, content = download(world, found)
    assert answer["Content-Disposition"].startswith('attachment; filename="country-x-binder-2')
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == found.pages
    text = "".join(page.extract_text() for page in reader.pages)
    versions = actions.latest_approved(fresh(world.effort))
    assert [v.product.key for v in versions] == ["tab-01", "tab-02", "tab-02-enclosure-1", "tab-03"]
    titles = [v.product.title for v in versions]
    marks = str(reader.outline)
    for title in titles:
        assert title in text
        assert title in marks
    assert "Policy Advisory Memorandum" not in text
    page = world.client("board").get(f"/renditions/{found.pk}/").content.decode()
    assert "Binder, PDF" in page


def test_an_archive_of_the_current_products(world: World) -> None:
    world.approve()
    world.owe(2)
    Job.objects.all().delete()
    collect(world, "archive", "current")
    assert do_jobs() == 1
    found = again(Rendition.objects.get(kind=RenditionKind.ARCHIVE))
    assert (found.state, found.approved) == (RenditionStatus.READY, False)
    answer, content = download(world, found)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].endswith('Z-draft.zip"')
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert set(names) == {
            "tab-01-v1.pdf", "tab-01-v1.docx", "tab-02-v1.pdf", "tab-02-v1.docx",
            "tab-02-enclosure-1-v1.pdf", "tab-02-enclosure-1-v1.docx",
            "tab-02-enclosure-1-v1.pptx", "tab-03-v1.pdf", "tab-03-v1.docx", "tab-03-v1.pptx",
            "binder.pdf", "contents.txt",
        }  # fmt: skip
        listed = dict(
            line.split("  ")[::-1]
            for line in packed.read("contents.txt").decode().splitlines()
            if line.count("  ") == 1 and not line.startswith("sha256")
        )
        assert set(listed) == set(names) - {"contents.txt"}
        for name, sha256 in listed.items():
            assert hashlib.sha256(packed.read(name)).hexdigest() == sha256
        assert "UNCLASSIFIED // EXERCISE" in packed.read("contents.txt").decode()
        words = " ".join(
            page.extract_text()
            for page in PdfReader(io.BytesIO(packed.read("tab-02-v1.pdf"))).pages
        )
        assert "draft" in words.lower()
        words = PdfReader(io.BytesIO(packed.read("tab-01-v1.pdf"))).pages[0].extract_text()
        assert "version 1, draft" not in words


def test_the_same_collection_is_made_once(world: World) -> None:
    world.approve()
    Job.objects.all().delete()
    first = collect(world, "binder", "approved")
    assert collect(world, "binder", "approved")["Location"] == first["Location"]
    assert Rendition.objects.filter(kind=RenditionKind.BINDER).count() == 1


def test_an_approval_makes_another_binder_of_the_same_texts(world: World) -> None:
    """Tab 1 is a draft in the first binder and approved in the second; the texts are the same."""
    world.write()
    minutes = actions.start_product(effort=world.effort, format="minutes", by=world["lead"])
    section = minutes.sections.earliest("pk")
    actions.save_section(section=section, body="<p>We met.</p>", revision=0, by=world["lead"])
    submission = world.submit()
    collect(world, "binder", "current")
    before = Rendition.objects.get(kind=RenditionKind.BINDER)
    world.decide(submission)
    collect(world, "binder", "current")
    after = Rendition.objects.filter(kind=RenditionKind.BINDER).latest("pk")
    assert before.payload["versions"] == after.payload["versions"]
    assert (before.approved, after.approved) == (False, False)
    assert after.pk != before.pk
    assert [tree.approved for _, tree in press._collected(before)] == [False, False]
    assert sorted(tree.approved for _, tree in press._collected(after)) == [False, True]


def test_the_highest_marking_marks_the_binder(world: World) -> None:
    section = world.section()
    actions.save_section(
        section=section, body="<p>Text.</p>", revision=0, portion="CUI", by=world["lead"]
    )
    collect(world, "binder", "current")
    cover = Rendition.objects.get().payload["cover"]
    assert cover["marking"]["banner"] == "CONTROLLED // EXERCISE"


def test_without_versions_it_says_so(world: World) -> None:
    for kind, edition in (("binder", "approved"), ("archive", "current")):
        answer = world.client("lead").post(
            f"{LIBRARY}export/", {"kind": kind, "edition": edition}, follow=True
        )
        assert f"has an {edition} version yet" in answer.content.decode()
    with pytest.raises(Invalid):
        actions.request_collection(
            effort=world.effort, versions=[], kind=RenditionKind.BINDER, edition="approved",
            by=world["lead"],
        )  # fmt: skip
    for kind, edition in (("product", "approved"), ("binder", "all"), ("", "")):
        assert collect(world, kind, edition).status_code == 400


# ---------- the library


def many(world: World, count: int) -> list[int]:
    """Files by their rows alone; returns their keys, newest first."""
    version = freeze(product=world.product(), by=world["lead"])
    forms = [Format.PDF, Format.DOCX]
    rows = [
        Rendition(
            effort=world.effort, version=version, fingerprint=f"{n:064d}", format=forms[n % 2],
            requested_by=world["lead"], requested_at=version.frozen_at,
        )
        for n in range(count)
    ]  # fmt: skip
    return [row.pk for row in Rendition.objects.bulk_create(rows)][::-1]


def listed(answer: Any) -> list[int]:
    """The keys on a page of the library."""
    assert answer.status_code == 200
    return [row.pk for row in answer.context["rows"]]


def test_the_library_pages_by_key(world: World) -> None:
    keys = many(world, selectors.PAGE + 7)
    client = world.client("board")
    first = client.get(LIBRARY)
    assert listed(first) == keys[: selectors.PAGE]
    more = f"?before={keys[selectors.PAGE - 1]}"
    assert more in first.content.decode()
    second = client.get(LIBRARY + more)
    assert listed(second) == keys[selectors.PAGE :]
    assert "Older files" not in second.content.decode()
    actions.request_rendition(
        version=Version.objects.get(), by=world["lead"], form=Format.HTML
    )  # a new file pushes nothing over the border
    assert listed(client.get(LIBRARY + more)) == keys[selectors.PAGE :]


def test_the_library_is_filtered(world: World) -> None:
    many(world, 6)
    client = world.client("lead")
    assert len(listed(client.get(f"{LIBRARY}?format=docx"))) == 3
    assert len(listed(client.get(f"{LIBRARY}?product=tab-01"))) == 6
    assert len(listed(client.get(f"{LIBRARY}?product=tab-02"))) == 0
    assert len(listed(client.get(f"{LIBRARY}?kind=binder"))) == 0
    assert "No file fits the filter." in client.get(f"{LIBRARY}?kind=binder").content.decode()
    assert len(listed(client.get(f"{LIBRARY}?kind=product&format=pdf&product=tab-01"))) == 3


@pytest.mark.parametrize(
    "query",
    ["before=x", "before=²", "before=-1", "format=exe", "kind=%00", "product=' OR 1=1 --",
     "before=" + "9" * 40],
)  # fmt: skip
def test_an_odd_filter_breaks_nothing(world: World, query: str) -> None:
    many(world, 1)
    assert world.client("lead").get(f"{LIBRARY}?{query}").status_code == 200


def test_the_library_shows_its_own_effort_alone(world: World) -> None:
    many(world, 2)
    other = Effort.objects.get(pk=world.other.pk)
    actions.add_member(
        effort=other, user=world["lead"], role=actions.team.Role.LEAD, by=world["outsider"]
    )
    assert listed(world.client("lead").get(f"/efforts/{other.slug}/library/")) == []
    assert world.client("outsider").get(LIBRARY).status_code == 404


def test_an_empty_library_says_what_to_do(world: World) -> None:
    page = world.client("member").get(LIBRARY).content.decode()
    assert "No file was made yet." in page
    assert "Make it" not in page
    assert "Make it" in world.client("lead").get(LIBRARY).content.decode()


# ---------- the files of a version


def test_a_version_shows_the_newest_file_of_each_kind(world: World) -> None:
    world.approve()
    do_jobs()
    version = Version.objects.get()
    selectors.attach_files([version])
    assert [(f.format, f.approved) for f in version.files] == [("pdf", True), ("docx", True)]
    product = world.product()
    actions.enter_dissent(effort=product.effort, product=product, words="No.", by=world["board"])
    version = Version.objects.select_related("product__effort", "product__step").get()
    newer = actions.request_rendition(version=version, by=world["lead"])
    selectors.attach_files([version])
    assert [f.pk for f in version.files if f.format == "pdf"] == [newer.pk]
    actions.cancel_rendition(rendition=newer, by=world["lead"])
    selectors.attach_files([version])
    assert [f.status for f in version.files if f.format == "pdf"] == ["ready"]


def test_a_long_name_fits_a_file_system(world: World) -> None:
    made = actions.start_product(
        effort=world.effort, format="minutes", name="word " * 24, by=world["lead"]
    )
    version = freeze(product=made, by=world["lead"])
    found = actions.request_rendition(version=version, by=world["lead"])
    assert len(filename(again(found))) < 255
