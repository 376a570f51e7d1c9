"""A file of events comes in as a whole or not at all, and the same file changes nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments import actions, uploads
from assessments.actions import applying
from assessments.importing.formats import UCDP_GED
from assessments.models import Alert, Country, Event, Feed, Import, StagedEvent
from assessments.seeds import countries
from mapro.core import files
from mapro.core.errors import Invalid, NotAllowed, NotVisible, TooLarge, WrongState
from mapro.core.jobs import MAX_ATTEMPTS
from mapro.core.models import AuditEvent, Job, User
from tests.watch.conftest import Bring, row, table
from tests.watch.test_actions_country import last
from tests.world import do_jobs


def start(feed: Feed, *rows: str, by: User | None = None, **more: Any) -> Import:
    return actions.start_import(feed=feed, file=table(*rows), file_name="events.csv", by=by, **more)


def events() -> list[tuple[str, int]]:
    return list(Event.objects.order_by("source_id").values_list("source_id", "deaths_best"))


# ---------- in the background


def test_a_worker_does_the_import(feed: Feed, keeper: User, mali: Country) -> None:
    imported = start(feed, row("a"), row("b", best=7, low=0, high=70), by=keeper)
    assert (imported.status, imported.by, last().code) == ("queued", keeper, "import.started")
    assert imported.size == files.path(imported.file).stat().st_size
    assert do_jobs() == 1
    imported.refresh_from_db()
    assert (imported.status, imported.rows_total, imported.rows_done) == ("done", 2, 2)
    assert (imported.added, imported.changed, imported.unchanged) == (2, 0, 0)
    assert (imported.covers_from, imported.covers_to) == (date(2020, 1, 5), date(2020, 1, 5))
    assert list(imported.countries.all()) == [mali] and imported.problems == []
    event = Event.objects.get(source_id="b")
    assert (event.deaths_low, event.deaths_best, event.deaths_high) == (0, 7, 70)
    assert (event.latitude, event.longitude, event.imported) == (16.5, -3.0, imported)
    assert len(event.digest) == 12 and event.country == mali
    assert last().code == "import.done" and last().actor == keeper.post
    assert not StagedEvent.objects.exists()


def test_the_same_file_again_changes_nothing(bring: Bring) -> None:
    rows = [row(n) for n in range(5)]
    first = bring(*rows)
    before = list(Event.objects.order_by("pk").values())
    again = bring(*rows)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 5)
    assert list(Event.objects.order_by("pk").values()) == before
    assert {e["imported_id"] for e in before} == {first.pk}
    assert (
        again.file == first.file and len(list(Path(default_storage.path("imports")).iterdir())) == 1
    )


def test_what_differs_is_written_and_what_is_gone_stays(bring: Bring) -> None:
    bring(row("a"), row("b"))
    second = bring(row("b", best=9), row("c"))
    assert (second.added, second.changed, second.unchanged) == (1, 1, 0)
    assert events() == [("a", 5), ("b", 9), ("c", 5)]
    assert Event.objects.get(source_id="b").imported == second


def test_feeds_do_not_mix(bring: Bring, feed: Feed) -> None:
    other = Feed.objects.create(key="other", name="Other", format="generic")
    bring(row("a"))
    assert bring(row("a", best=9), feed=other).added == 1
    assert Event.objects.count() == 2


def test_thresholds_are_checked_afterwards(bring: Bring, chad: Country, keeper: User) -> None:
    actions.set_threshold(name="One", kind="events", number=1, days=30, by=keeper)
    bring(row("a", "Chad"))
    assert Alert.objects.get().country == chad


# ---------- of what a file speaks


def test_a_file_says_of_what_it_speaks(bring: Bring, mali: Country) -> None:
    imported = bring(
        row("a"), row("b", "Chad"), only=mali, covers_from=date(2020, 1, 1),
        covers_to=date(2020, 3, 31),
    )  # fmt: skip
    assert events() == [("a", 5)]
    assert (imported.added, imported.rows_done) == (1, 2)
    assert (imported.covers_from, imported.covers_to) == (date(2020, 1, 1), date(2020, 3, 31))
    assert list(imported.countries.all()) == [mali]


def test_a_quiet_month_is_no_fault_if_the_file_says_so(bring: Bring, mali: Country) -> None:
    refused = bring()
    assert (
        refused.status == "refused" and "no row below the header" in refused.problems[0]["message"]
    )
    period = {"covers_from": date(2020, 1, 1), "covers_to": date(2020, 1, 31)}
    assert bring(**period).status == "refused"  # of which country?
    assert bring(**period, everywhere=True).status == "done"
    quiet = bring(**period, only=mali)
    assert quiet.status == "done" and list(quiet.countries.all()) == [mali]


def test_names_numbers_and_codes_find_the_country(db: None, bring: Bring) -> None:
    names = {
        "a": "dr congo  (zaire)", "b": "Ivory Coast", "c": "Myanmar (Burma)", "d": "Country X",
    }  # fmt: skip
    assert bring(*(row(k, v) for k, v in names.items())).status == "done"
    found = dict(Event.objects.values_list("source_id", "country__code"))
    assert found == {"a": "cod", "b": "civ", "c": "mmr", "d": "country-x"}


def test_a_number_or_a_code_stands_in_for_an_unknown_name(feed: Feed) -> None:
    header = (
        "source_id,country,country_gw,country_iso3,date_start,type_of_violence,deaths_low,"
        "deaths_best,deaths_high"
    )
    body = [
        header, "a,Tchad,483,,2020-01-01,other,0,0,0", "b,Tchad,,TCD,2020-01-01,other,0,0,0",
        "c,Mali,,TCD,2020-01-01,other,0,0,0", "d,Mali,483,,2020-01-01,other,0,0,0",
    ]  # fmt: skip
    imported = actions.start_import(
        feed=feed, file=io.BytesIO("\n".join(body).encode()), file_name="a.csv", by=None,
        queue=False,
    )  # fmt: skip
    assert actions.run_import(imported.pk).status == "done"
    assert dict(Event.objects.values_list("source_id", "country__code")) == {
        "a": "tcd", "b": "tcd", "c": "tcd", "d": "mli",
    }  # fmt: skip
    assert Event.objects.filter(latitude=None, longitude=None).count() == 4


def test_every_name_means_one_country() -> None:
    taken: dict[str, str] = {}
    for country in countries():
        for name in {
            country["name"].casefold(),
            *(a.casefold() for a in country.get("aliases", [])),
        }:
            assert taken.setdefault(name, country["code"]) == country["code"], name


# ---------- all or nothing


def test_a_wrong_row_refuses_the_whole_file(bring: Bring) -> None:
    bring(row("a"))
    refused = bring(row("a", best=9), "", row("b", "Malii"), row("c", day="2020-13-01"))
    assert refused.status == "refused" and refused.finished_at
    country, start, end = refused.problems
    assert (country["row"], country["column"], country["letter"]) == (4, "country", "B")
    assert country["message"] == "no country is called “Malii”. Did you mean “Mali”?"
    assert (start["row"], start["column"]) == (5, "date_start") and end["column"] == "date_end"
    assert events() == [("a", 5)] and not StagedEvent.objects.exists()
    assert (last().code, last().detail["problems"]) == ("import.refused", 3)


def test_a_name_that_nothing_comes_near_to(bring: Bring) -> None:
    assert "as the list of countries has it" in bring(row("a", "Qqq")).problems[0]["message"]


def test_problems_are_listed_up_to_a_bound(bring: Bring) -> None:
    for broken in (row("x", "Nowhere"), row("x", day="never")):
        refused = bring(*(broken.replace("x", f"k{n}", 1) for n in range(300)))
        assert len(refused.problems) <= applying.MAX_PROBLEMS + 1
        assert refused.problems[-1]["row"] is None
        assert "reading stopped" in refused.problems[-1]["message"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.csv", "empty"),
        (b"a,b\n1,2\n", "a.csv", "is missing"),
        (b"x", "a.pdf", "no kind that can be read"),
        (b"\xff\xfe\x00", "a.csv", "UTF"),
    ],
)
def test_what_is_no_table_of_events_is_refused(
    feed: Feed, content: bytes, name: str, words: str
) -> None:
    imported = actions.start_import(
        feed=feed, file=io.BytesIO(content), file_name=name, by=None, queue=False
    )
    imported = actions.run_import(imported.pk)
    assert imported.status == "refused"
    assert words in " ".join(p["message"] for p in imported.problems)


def test_a_fault_while_applying_leaves_nothing_and_the_job_ends_the_same(
    bring: Bring, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(row("a"))
    imported = start(feed, row("a", best=9), row("b"))

    def dies(_: Any) -> None:
        raise SystemExit  # as a worker that is killed leaves it: no word to anybody

    real = applying._upsert

    def half(found: Import) -> None:
        real(found)
        dies(found)

    monkeypatch.setattr(applying, "_upsert", half)
    with pytest.raises(SystemExit):
        actions.run_import(imported.pk)
    imported.refresh_from_db()
    assert imported.status == "running" and events() == [("a", 5)]
    assert StagedEvent.objects.filter(imported=imported).count() == 2
    monkeypatch.undo()
    assert do_jobs() == 1
    imported.refresh_from_db()
    assert (imported.status, imported.added, imported.changed) == ("done", 1, 1)
    assert events() == [("a", 9), ("b", 5)] and not StagedEvent.objects.exists()


def test_a_worker_that_died_while_reading_begins_anew(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    imported = start(feed, *(row(n) for n in range(5)))
    flush, calls = applying._flush, []

    def dies(attempt: Any, seen: int) -> None:
        flush(attempt, seen)
        calls.append(seen)
        if len(calls) == 2:
            raise SystemExit

    monkeypatch.setattr(applying, "_flush", dies)
    with pytest.raises(SystemExit):
        actions.run_import(imported.pk)
    imported.refresh_from_db()
    assert (imported.rows_done, StagedEvent.objects.count()) == (4, 4)
    monkeypatch.setattr(applying, "_flush", flush)
    assert do_jobs() == 1
    assert Event.objects.count() == 5


def test_a_finished_import_is_left_alone_and_thresholds_are_made_up_for(
    bring: Bring, chad: Country, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker may stop between applying and checking."""
    actions.set_threshold(name="One", kind="events", number=1, days=30, by=keeper)
    monkeypatch.setattr("assessments.actions.feeding.check_thresholds", lambda: [])
    imported = bring(row("a", "Chad"))
    assert not Alert.objects.exists()
    monkeypatch.undo()
    before = AuditEvent.objects.filter(code="import.done").count()
    actions.run_import(imported.pk)
    assert Alert.objects.count() == 1
    assert AuditEvent.objects.filter(code="import.done").count() == before


def test_a_job_that_is_given_up_says_why(feed: Feed) -> None:
    imported = start(feed, row("a"))
    files.path(imported.file).unlink()
    assert do_jobs() == 0
    imported.refresh_from_db()
    assert imported.status == "refused" and "no longer stored" in imported.problems[0]["message"]
    other = start(feed, row("b"))
    Job.objects.filter(key=str(other.pk)).update(attempts=MAX_ATTEMPTS)
    assert do_jobs() == 0
    other.refresh_from_db()
    assert other.status == "refused" and "stopped 5 times" in other.problems[0]["message"]
    actions.fail_import(other.pk, "Again.")
    assert last().code == "import.refused" and "stopped" in last().detail["first"]


# ---------- cancel, retry


def test_a_waiting_import_is_cancelled_and_tried_again(feed: Feed, keeper: User) -> None:
    imported = start(feed, row("a"), by=keeper)
    actions.cancel_import(imported=imported, by=keeper)
    assert (imported.status, last().code) == ("cancelled", "import.cancelled")
    do_jobs()
    assert not Event.objects.exists()
    with pytest.raises(WrongState, match="“Cancelled” already"):
        actions.cancel_import(imported=imported, by=keeper)
    actions.retry_import(imported=imported, by=keeper)
    assert (imported.status, last().code) == ("queued", "import.retried")
    do_jobs()
    assert events() == [("a", 5)]
    imported.refresh_from_db()
    with pytest.raises(WrongState, match="nothing to retry"):
        actions.retry_import(imported=imported, by=keeper)


def test_a_running_import_stops_at_the_next_batch(
    feed: Feed, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    imported = start(feed, *(row(n) for n in range(9)), queue=False)
    seen: list[int] = []

    def cancel(now: Import) -> None:
        seen.append(now.rows_done)
        if len(seen) == 2:
            actions.cancel_import(imported=Import.objects.get(pk=now.pk), by=keeper)

    assert actions.run_import(imported.pk, cancel).status == "cancelled"
    assert seen == [2, 4]
    assert not Event.objects.exists() and not StagedEvent.objects.exists()


def test_a_worker_that_was_given_up_writes_nothing_more(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "BATCH", 2)
    imported = start(feed, *(row(n) for n in range(5)), queue=False)
    late = applying.begin(imported.pk)
    assert late is not None
    assert actions.run_import(imported.pk).status == "done"
    with pytest.raises(applying.GivenUp):
        applying.read(late)
    assert Event.objects.count() == 5 and not StagedEvent.objects.exists()
    assert applying.begin(imported.pk) is None


# ---------- what may be asked for


def test_only_who_keeps_the_watch_imports(feed: Feed, people: dict[str, User]) -> None:
    for who, error in (("read", NotAllowed), ("none", NotVisible)):
        with pytest.raises(error):
            start(feed, row("a"), by=people[who])
    imported = start(feed, row("a"))
    for act in (actions.cancel_import, actions.retry_import):
        with pytest.raises(NotAllowed):
            act(imported=imported, by=people["read"])
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"covers_from": date(2020, 1, 1)}, "covers_to"),
        ({"covers_to": date(2020, 1, 1)}, "covers_to"),
        ({"covers_from": date(2020, 1, 2), "covers_to": date(2020, 1, 1)}, "covers_to"),
        ({"covers_from": date(200, 1, 2), "covers_to": date(2020, 1, 1)}, "covers_from"),
        (
            {
                "covers_from": date(2020, 1, 2),
                "covers_to": timezone.localdate() + timedelta(days=2),
            },
            "covers_to",
        ),
        ({"file_name": " "}, "file"),
    ],
)
def test_bad_requests_are_refused(feed: Feed, wrong: dict[str, Any], where: str) -> None:
    fields = {"feed": feed, "file": table(row("a")), "file_name": "a.csv", "by": None}
    with pytest.raises(Invalid) as refused:
        actions.start_import(**fields | wrong)
    assert where in refused.value.fields
    assert not Import.objects.exists() and not Job.objects.exists()


def test_a_feed_out_of_use_takes_no_file(feed: Feed) -> None:
    Feed.objects.filter(pk=feed.pk).update(is_active=False)
    feed.refresh_from_db()
    with pytest.raises(Invalid, match="out of use"):
        start(feed, row("a"))


def test_the_name_of_a_file_leads_nowhere(feed: Feed) -> None:
    imported = actions.start_import(
        feed=feed, file=table(row("a")), file_name="../../etc/events.csv", by=None
    )
    assert imported.file_name == "events.csv"
    assert imported.file == f"imports/{imported.sha256}"


def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    with pytest.raises(TooLarge, match="Split it"):
        start(feed, row("a"))
    assert not list(Path(default_storage.path("imports")).iterdir())
    assert not Import.objects.exists()


# ---------- the command

GED = ",".join(c.name for c in UCDP_GED.columns if c.needed)


def ged(tmp_path: Path, *rows: str) -> str:
    """A file as UCDP publishes it, columns that are not read left out."""
    path = tmp_path / "ged.csv"
    path.write_text("\n".join([GED, *rows, ""]), encoding="utf-8")
    return str(path)


def ged_row(key: int, country: str = "Mali,432", figures: str = "1,2,3") -> str:
    return f"{key},{country},2012-03-21,2012-03-22,1,3,Side A,Civilians,16.3,-3,1,{figures},2,0,0,0"


def test_the_command_imports_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], keeper: User
) -> None:
    path = ged(tmp_path, ged_row(1), ged_row(2, figures="8,8,4"))
    call_command("import_events", path, "--format", "ucdp-ged", "--by", keeper.email)
    out = capsys.readouterr().out
    assert "2 rows: 2 events added, 0 changed, 0 unchanged." in out
    assert "They cover 2012-03-21 to 2012-03-22." in out
    assert Event.objects.get(source_id="2").deaths_high == 4
    assert Import.objects.get().by == keeper
    call_command("import_events", path, "--format", "ucdp-ged")
    assert "0 events added, 0 changed, 2 unchanged" in capsys.readouterr().out
    assert not Job.objects.exists()


def test_the_command_takes_one_country(
    tmp_path: Path, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = ged(tmp_path, ged_row(1), ged_row(2, "Chad,483"))
    call_command(
        "import_events", path, "--country", "TCD", "--from", "2012-01-01", "--to", "2012-12-31"
    )
    assert "They cover 2012-01-01 to 2012-12-31." in capsys.readouterr().out
    assert Event.objects.get().country.code == "tcd"


def test_the_command_lists_what_is_wrong(tmp_path: Path, db: None) -> None:
    path = ged(tmp_path, *(ged_row(n, "Nowhere,9999") for n in range(30)))
    with pytest.raises(CommandError) as refused:
        call_command("import_events", path)
    assert "Nothing was imported: refused." in str(refused.value)
    assert "Row 2, column “country”: no country is called “Nowhere”" in str(refused.value)
    assert "and 10 more" in str(refused.value)


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--by", "nobody@mapro.example"], "no user nobody@mapro.example"),
        (["--country", "zzz"], "no country zzz"),
        (["--feed", "none"], "no feed none"),
        (["--feed", "generic"], "writes generic, not ucdp-ged"),
        (["--from", "2020-01-01"], "Give both"),
    ],
)
def test_the_command_refuses_what_is_not_there(
    tmp_path: Path, db: None, extra: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("import_events", ged(tmp_path, ged_row(1)), *extra)
    assert not Import.objects.exists()


def test_the_command_says_when_there_is_no_file(tmp_path: Path, db: None) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_events", str(tmp_path / "none.csv"))


def test_a_command_that_is_stopped_leaves_no_import_running(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(applying, "_upsert", stopped)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_events", ged(tmp_path, ged_row(1)))
    assert Import.objects.get().status == "refused" and not StagedEvent.objects.exists()


def test_the_command_says_why_a_file_cannot_be_done(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: str) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(files, "path", gone)
    with pytest.raises(CommandError, match="no longer stored"):
        call_command("import_events", ged(tmp_path, ged_row(1)))
