"""The pages of the watch: what they say, what they cost, and what they take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import actions
from assessments.drawing.looks import TYPES
from assessments.models import (
    Alert,
    Country,
    EffortCountry,
    Event,
    Feed,
    Import,
    Listing,
    Profile,
    Rating,
    Report,
    Threshold,
    Watchlist,
)
from assessments.vocabulary import Violence
from assessments.web.overview import Course
from assessments.web.picture import Picture
from mapro.core.models import Marking, User
from planning import actions as planning
from planning.models import Effort
from planning.vocabulary import Role
from tests.watch.conftest import Bring, row
from tests.watch.staging import RATING, Stage, event_file, report_form, signed_in, stage
from tests.world import do_jobs

PICTURE = re.compile(r'<svg xmlns="http://www.w3.org/2000/svg" class="drawing".*?</svg>', re.DOTALL)
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def staged(keeper: User, chad: Country) -> Stage:
    """A watched country with one of everything."""
    return stage(keeper, chad)


@pytest.fixture
def keeps(keeper: User) -> Client:
    """The browser of whoever keeps the watch."""
    return signed_in(keeper)


@pytest.fixture
def reads(people: dict[str, User]) -> Client:
    """The browser of a reader."""
    return signed_in(people["read"])


def text(client: Client, address: str, status: int = 200) -> str:
    """A page as text."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def queries(client: Client, address: str) -> int:
    """How many queries a page makes."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return sum(
        not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        for q in caught.captured_queries
    )


def leads(user: User, country: str = "Chad", name: str = "East") -> Effort:
    """An effort that ``user`` leads."""
    User.objects.filter(pk=user.pk).update(can_open_efforts=True)
    user.refresh_from_db()
    return planning.open_effort(by=user, name=name, country=country, situation="Clashes.")


# ---------- the watch


def test_the_watch_says_what_needs_eyes(staged: Stage, keeper: User, reads: Client) -> None:
    for code in ("mli", "country-x"):
        actions.watch_country(country=Country.objects.get(code=code), why="Clashes.", by=keeper)
    page = text(reads, "/watch/")
    assert "Three countries are watched. Chad shows acute signs" in page
    assert "too little is known of Country X and Mali to judge" in page
    assert "The feeds are silent on Chad, Country X and Mali: silence is not calm." in page
    assert "No data since 5 Mar 2020: silence is not calm" in page
    assert "Searches spread." in page and "Rests on 1 report." in page
    assert "An alert proposes planning; only a person starts it." in page
    # The map holds the two that have an outline, names the third, and its facts are in the table.
    drawing = next(iter(PICTURE.findall(page)))
    for name in ("Chad", "Mali", "Country X"):
        assert name in drawing and page.count(f">{name}</a>") >= 1
    assert "1 of 48 clear or acute" in page and "47 unknown" in page and "48 unknown" in page


def test_nothing_watched_says_what_to_do(keeps: Client, reads: Client) -> None:
    assert "No country is watched yet." in text(keeps, "/watch/")
    assert "Choose a country" in text(reads, "/watch/")


def test_what_is_hardly_rated_is_unknown_and_not_calm(mali: Country, keeper: User) -> None:
    def picture() -> Picture:
        return Picture.of(Rating.objects.filter(country=mali))

    def rate(item: str, level: str) -> None:
        actions.rate(
            country=mali, frame="osapg", item=item, level=level, evidence="Seen.", by=keeper
        )

    assert picture().tint == "unknown"
    rate("1.1", "none")
    assert (picture().tint, picture().unknown) == ("unknown", 47)
    rate("1.2", "clear")
    assert (picture().tint, picture().met) == ("medium", 1)
    rate("6.1", "acute")
    assert (picture().tint, picture().words) == (
        "high", "1 acute, 1 clear, 1 without a sign, 45 of 48 items unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([0] * 6 + [5, 5, 5, 9, 9, 9], "rising"),
        ([0] * 6 + [9, 9, 9, 5, 5, 5], "falling"),
        ([0] * 6 + [9, 9, 9, 9, 9, 8], "steady"),
        ([0] * 6 + [None, 9, 9, 9, 9, 9], "unknown"),
        ([0] * 12, "steady"),
    ],
)
def test_the_course_of_a_year_in_a_word(values: list[int | None], word: str) -> None:
    assert Course(date(2013, 12, 31), values).word == word


def test_the_course_draws_months_of_which_no_feed_speaks_as_a_gap(
    chad: Country, bring: Bring, reads: Client
) -> None:
    bring(row(1, "Chad", "2019-01-05", 3), row(2, "Chad", "2019-02-05", 3))
    bring(row(3, "Chad", "2019-09-05", 3), row(4, "Chad", "2019-12-05", 3))
    page = text(reads, "/watch/")
    line = PICTURE.findall(page)[1]
    # Twelve months to December 2019, of which March to August have no feed.
    assert "No data in 6 periods" in line and "hatch" in line


def test_lists_stand_side_by_side_and_are_never_merged(
    staged: Stage, keeper: User, reads: Client
) -> None:
    outside = Watchlist.objects.get(name="USAID Alerts List")
    actions.list_country(
        watchlist=outside, country=staged.country, as_of=date(2020, 1, 1), standing="Level 4",
        by=keeper,
    )  # fmt: skip
    for address in ("/watch/", "/watch/watchlists/", "/watch/countries/tcd/"):
        page = text(reads, address)
        assert "Tier 1" in page and "Level 4" in page, address
        assert page.index("Early warning") < page.index("USAID Alerts List"), address
    assert "Not entered" in text(reads, "/watch/countries/tcd/")  # the list that does not name it


def test_efforts_are_shown_to_their_team_alone(
    staged: Stage, keeper: User, keeps: Client, reads: Client, people: dict[str, User]
) -> None:
    effort = leads(keeper, name="Quiet planning")
    actions.tie_country(effort=effort, country=staged.country, by=keeper)
    actions.settle_alert(alert=staged.alert, status="effort", effort=effort, by=keeper)
    for address in ("/watch/", "/watch/countries/tcd/", f"/watch/alerts/{staged.alert.pk}/"):
        assert "Quiet planning" in text(keeps, address), address
        hidden = text(reads, address)
        assert "Quiet planning" not in hidden and effort.slug not in hidden, address
    planning.add_member(
        effort=effort, user=people["read"], role=Role.MEMBER, organization=None, by=keeper
    )
    assert "Quiet planning" in text(reads, "/watch/countries/tcd/")


def test_the_banner_is_the_highest_marking_shown(
    staged: Stage, keeper: User, reads: Client
) -> None:
    highest, lowest = Marking.objects.latest("rank"), Marking.objects.earliest("rank")

    def banner(address: str) -> str:
        found = re.search(
            r'aria-label="Handling marking, top of page">([^<]*)<', text(reads, address)
        )
        assert found
        return found.group(1)

    marked = [
        "/watch/",  # an alert rests on the report
        "/watch/countries/tcd/", "/watch/reports/", f"/watch/reports/{staged.report.pk}/",
        "/watch/alerts/", f"/watch/alerts/{staged.alert.pk}/", "/watch/countries/tcd/ratings/osapg/",
        "/watch/countries/tcd/ratings/osapg/1.1/",
    ]  # fmt: skip
    for address in marked:
        assert banner(address) == highest.banner, address
    for address in ("/watch/countries/mli/", "/watch/feeds/", "/watch/thresholds/"):
        assert banner(address) == lowest.banner, address
    assert banner("/watch/countries/country-x/") == f"{lowest.banner} // EXERCISE"
    actions.settle_alert(alert=staged.alert, status="closed", why="Calm.", by=keeper)
    assert banner("/watch/") == lowest.banner
    for address in ("/watch/reports/", "/watch/countries/tcd/"):
        assert f'<span class="portion">{highest.portion}</span>' in text(reads, address)


# ---------- a country


def test_a_country_says_how_far_its_data_reach(mali: Country, bring: Bring, reads: Client) -> None:
    page = text(reads, "/watch/countries/mli/")
    assert "No feed speaks of Mali" in page and "That says nothing about what happened" in page
    assert not PICTURE.findall(page)  # an empty map would look like calm
    bring(
        row(1, day="2019-11-05", best=4, low=2, high=9, kind="state_based"),
        row(2, day="2020-02-05", best=6, spot=","),
    )
    page = text(reads, "/watch/countries/mli/")
    assert "10 deaths by the best estimate (low 8, high 15)" in page
    assert "No data since 5 Feb 2020: silence is not calm" in page
    assert "1 event without a place is not on the map." in page
    assert Feed.objects.get(key="generic").credit in page
    # The chart and the map, and the same in tables.
    chart, map_ = PICTURE.findall(page)
    assert "4 deaths (2 to 9)" in chart and "1 event" in map_
    rows = re.findall(r'<th scope="row">(2019-11|2019-12|2020-01|2020-02)\*?</th>', page)
    assert rows == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert "* Feeds speak of a part of this month only." in page


def test_what_was_drawn_gives_way_to_a_new_import(
    mali: Country, bring: Bring, reads: Client
) -> None:
    bring(row(1, best=4))
    assert "4 deaths by the best estimate" in text(reads, "/watch/countries/mli/")
    bring(row(1, best=9))
    assert "9 deaths by the best estimate" in text(reads, "/watch/countries/mli/")
    bring(row(2, day="2020-01-07", best=1))
    assert "10 deaths by the best estimate" in text(reads, "/watch/countries/mli/")


def test_silent_months_are_gaps_in_chart_and_table(
    mali: Country, bring: Bring, reads: Client
) -> None:
    bring(row(1, day="2019-01-05"))
    bring(row(2, day="2019-04-05"))
    page = text(reads, "/watch/countries/mli/")
    assert page.count("No feed speaks of it; this is not zero") == 2
    assert "Of 2 months no feed speaks: that is not zero." in page
    assert "No data: the feed was silent. This is not zero." in PICTURE.findall(page)[0]


def test_a_long_time_is_told_by_years(mali: Country, bring: Bring, reads: Client) -> None:
    bring(row(1, day="2012-03-05", best=1), row(2, day="2019-04-05", best=2))
    page = text(reads, "/watch/countries/mli/")
    assert re.findall(r'<th scope="row">(\d{4})\*?</th>', page) == [
        str(y) for y in range(2012, 2020)
    ]
    page = text(reads, "/watch/countries/mli/?from=2019-01-01")
    assert '<th scope="row">2019-04*</th>' in page and "2012" not in PICTURE.findall(page)[0]


def test_events_are_chosen_by_period_and_type(mali: Country, bring: Bring, reads: Client) -> None:
    bring(
        row("a", day="2019-01-05", best=1, kind="state_based", place="Ayorou"),
        row("b", day="2019-06-05", best=2, kind="one_sided", place="Boni"),
        row("c", day="2020-01-05", best=4, kind="one_sided", place="Ciro"),
    )
    for address in ("/watch/countries/mli/", "/watch/countries/mli/events/"):
        page = text(reads, f"{address}?from=2019-02-01&to=2019-12-31&type=one_sided")
        assert "Boni" in page and "Ayorou" not in page and "Ciro" not in page, address
    page = text(reads, "/watch/countries/mli/?from=2020-02-01&to=2019-12-31")
    assert "The period ends before it begins; all of it is shown." in page and "Ayorou" in page
    page = text(reads, "/watch/countries/mli/events/?from=yesterday&type=<b>")
    assert "“yesterday” is no day" in page and "“&lt;b&gt;” is no type" in page and "Ciro" in page


def test_the_map_counts_events_and_not_places(mali: Country, bring: Bring, reads: Client) -> None:
    bring(*(row(n, day=f"2019-01-{n:02}", best=n) for n in range(1, 5)))
    map_ = PICTURE.findall(text(reads, "/watch/countries/mli/"))[1]
    assert "4 events, 10 deaths (best estimate)" in map_
    assert "Map of Mali with 4 events and 10 deaths" in map_


def test_the_map_and_the_chart_know_every_type_of_violence() -> None:
    assert set(TYPES) == set(Violence.values)


@pytest.mark.parametrize("count", [10, 10_000])
def test_a_country_costs_the_same_however_many_events(
    staged: Stage, keeper: User, keeps: Client, many: Callable[..., None], count: int
) -> None:
    many(staged.country, count)
    actions.tie_country(effort=leads(keeper), country=staged.country, by=keeper)
    leads(keeper, name="Another")
    assert queries(keeps, "/watch/countries/tcd/") == 12
    assert queries(keeps, "/watch/countries/tcd/") == 9  # its events were drawn before
    assert queries(keeps, "/watch/countries/tcd/events/") == 4
    last = Event.objects.earliest("date_start", "pk")
    assert queries(keeps, f"/watch/countries/tcd/events/?after={last.pk}&type=one_sided") == 5
    assert queries(keeps, "/watch/") == 11
    page = text(keeps, "/watch/countries/tcd/")
    weight = len(page.encode()) - len(PICTURE.findall(page)[1].encode())
    assert weight <= 60_000, f"{weight} bytes without the map"
    assert f"{count + 2:,}".replace(",", "") in page.replace(",", "")
    bubbles = PICTURE.findall(page)[1].count("<title>")
    assert bubbles <= 310, f"{bubbles} bubbles"


@pytest.mark.parametrize("countries", [1, 40])
def test_the_watch_costs_the_same_however_many_countries(
    staged: Stage, keeper: User, keeps: Client, countries: int
) -> None:
    others = Country.objects.filter(watched_since=None).exclude(iso3="")[: countries - 1]
    for number, country in enumerate(others):
        actions.watch_country(country=country, why="Clashes.", by=keeper)
        actions.rate(
            country=country, frame="osapg", item="1.1", level="clear", evidence="Seen.", by=keeper
        )
        if number < 15:
            actions.list_country(
                watchlist=staged.watchlist, country=country, as_of=date(2020, 1, 1), by=keeper
            )
    assert queries(keeps, "/watch/") == 11


LISTS = {
    "/watch/countries/": 3, "/watch/reports/": 4, "/watch/alerts/": 4, "/watch/watchlists/": 5,
    "/watch/thresholds/": 4, "/watch/feeds/": 3, "/watch/imports/": 3,
    "/watch/countries/tcd/ratings/osapg/": 7, "/watch/countries/tcd/ratings/osapg/1.1/": 7,
}  # fmt: skip


@pytest.mark.parametrize("more", [0, 20])
def test_lists_cost_the_same_with_many_rows(
    staged: Stage, keeper: User, keeps: Client, more: int
) -> None:
    for n in range(more):
        report = actions.add_report(
            country=staged.country, kind="un", title=f"Report {n}", summary="More.", source="UN",
            dated=date(2020, 1, 1), by=keeper,
        )  # fmt: skip
        actions.rate(
            country=staged.country, frame="osapg", item=("1.1", "1.2", "5.7")[n % 3],
            level="clear", evidence="Seen.", reports=[report], by=keeper,
        )  # fmt: skip
        actions.raise_alert(
            country=staged.country, words=f"Alert {n}.", evidence=[("report", report.pk)], by=keeper
        )
        actions.set_threshold(name=f"T {n}", kind="deaths", number=10**6, days=9, by=keeper)
    assert {address: queries(keeps, address) for address in LISTS} == LISTS


def test_events_are_paged_by_key(mali: Country, many: Callable[..., None], reads: Client) -> None:
    many(mali, 120)
    seen: list[str] = []
    address = "/watch/countries/mli/events/"
    for _ in range(3):
        page = text(reads, address)
        seen += re.findall(r'href="/watch/events/(\d+)/"', page)
        following = re.search(r'href="\?(after=\d+)">Next page', page)
        address = f"/watch/countries/mli/events/?{following.group(1)}" if following else ""
    assert len(seen) == len(set(seen)) == 120 and not address
    assert "50+ on this page" in text(reads, "/watch/countries/mli/events/")
    assert text(reads, "/watch/countries/mli/events/?after=nonsense")


def test_an_event_shows_every_figure_its_sources_and_the_credit(
    staged: Stage, reads: Client
) -> None:
    Event.objects.filter(pk=staged.event.pk).update(
        sources="Agency, 2020-03-06", deaths_a=2, deaths_b=1, deaths_civilians=3, deaths_unknown=1
    )
    page = text(reads, f"/watch/events/{staged.event.pk}/")
    for words in (
        "<b>7</b>", "<dd>20</dd>", "3 civilians, 2 of side A, 1 of side B, 1 not known",
        "Agency, 2020-03-06", "One-sided", staged.event.feed.credit,
    ):  # fmt: skip
        assert words in page, words


def test_watch_and_unwatch_with_a_reason(mali: Country, keeps: Client) -> None:
    page = "/watch/countries/mli/"
    refused = keeps.post(f"{page}watch/", {"why": " "})
    assert refused.status_code == 400 and b"error-summary" in refused.content
    assert keeps.post(f"{page}watch/", {"why": "Clashes in the north."}).status_code == 302
    assert "Clashes in the north." in text(keeps, page)
    assert keeps.post(f"{page}watch/", {"why": "Again."}).status_code == 400  # it is watched
    assert keeps.post(f"{page}unwatch/", {"why": "Calm."}).status_code == 302
    assert "This country is not watched." in text(keeps, page)


def test_a_late_save_of_the_profile_keeps_both_texts(mali: Country, keeps: Client) -> None:
    address = "/watch/countries/mli/profile/history/"
    assert keeps.get(address).status_code == 200
    first = keeps.post(address, {"body": "Old kingdoms.", "sources": "", "revision": "0"})
    assert first.status_code == 302 and first["Location"].endswith("#p-history")
    late = keeps.post(address, {"body": "French rule.", "sources": "", "revision": "0"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Old kingdoms." in page and page.count("French rule.") == 2
    assert 'name="revision" value="1"' in page
    again = keeps.post(address, {"body": "French rule.", "sources": "", "revision": "1"})
    assert again.status_code == 302
    assert Profile.objects.get(country=mali).body == "French rule."
    assert "Revision 2" in text(keeps, "/watch/countries/mli/")
    assert text(keeps, "/watch/countries/mli/profile/no-heading/", 404)


# ---------- ratings


def test_ratings_stand_in_the_order_of_the_frame(staged: Stage, reads: Client) -> None:
    page = text(reads, "/watch/countries/tcd/ratings/osapg/")
    keys = re.findall(r'<article class="rate-item" id="i-([\w.]+)"', page)
    assert len(keys) == 48 and keys[:4] == ["1.1", "1.2", "1.3", "1.3.a"]
    assert "1 of 48 items known" in page and "House by house." in page
    assert page.count("Never rated; unknown is not calm.") == 47
    for frame in ("stanton", "conditions", "mmo"):
        assert text(reads, f"/watch/countries/tcd/ratings/{frame}/")
    assert text(reads, "/watch/countries/tcd/ratings/none/", 404)
    assert text(reads, "/watch/countries/tcd/ratings/osapg/99/", 404)
    assert ">Rate<" not in page and "hx-get" not in page


def test_an_item_is_rated_with_and_without_script(staged: Stage, keeps: Client) -> None:
    address = "/watch/countries/tcd/ratings/osapg/1.2/"
    refused = keeps.post(address, RATING | {"evidence": ""})
    assert refused.status_code == 400 and b"bears this level out" in refused.content
    done = keeps.post(address, RATING | {"reports": [staged.report.pk]})
    assert done["Location"] == "/watch/countries/tcd/ratings/osapg/#i-1.2"
    assert list(Rating.objects.latest("pk").reports.all()) == [staged.report]
    htmx = {"HX-Request": "true"}
    form = keeps.get(address, headers=htmx).content.decode()
    assert form.startswith("<article") and "hx-post" in form and "autofocus" in form
    assert 'for="rate-1.2-level"' in form and 'id="rate-1.2-level"' in form
    refused = keeps.post(address, RATING | {"level": ""}, headers=htmx)
    assert refused.status_code == 200 and b"error-summary" in refused.content
    done = keeps.post(address, RATING | {"level": "clear"}, headers=htmx)
    part = done.content.decode()
    assert part.startswith("<article") and "Clear signs" in part and 'role="status"' in part
    closed = keeps.get(f"{address}?closed=1", headers=htmx).content.decode()
    assert closed.startswith("<article") and "<form" not in closed
    assert Rating.objects.filter(country=staged.country, item="1.2").count() == 2


def test_the_banner_covers_the_reports_that_an_opened_form_offers(
    staged: Stage, keeps: Client, reads: Client
) -> None:
    address = "/watch/countries/tcd/ratings/stanton/"  # no rating there names a report
    highest = Marking.objects.latest("rank").banner
    assert highest in text(keeps, address) and highest not in text(reads, address)


def test_the_history_of_an_item_stays(staged: Stage, keeper: User, reads: Client) -> None:
    actions.rate(
        country=staged.country, frame="osapg", item="1.1", level="early", evidence="It calmed.",
        by=keeper,
    )  # fmt: skip
    page = text(reads, "/watch/countries/tcd/ratings/osapg/1.1/")
    assert page.index("It calmed.") < page.index("House by house.")
    assert page.count("holds now") == 1
    where = reads.get(f"/watch/ratings/{staged.rating.pk}/")
    assert where["Location"].endswith(
        f"/watch/countries/tcd/ratings/osapg/1.1/#r-{staged.rating.pk}"
    )
    assert text(reads, f"/watch/ratings/{staged.rating.pk + 99}/", 404)


def test_reports_of_another_country_are_refused(
    staged: Stage, mali: Country, keeps: Client
) -> None:
    address = "/watch/countries/mli/ratings/osapg/1.2/"
    refused = keeps.post(address, RATING | {"reports": [staged.report.pk]})
    assert refused.status_code == 400 and b"Choose reports of this country." in refused.content


# ---------- reports, watchlists, thresholds


def test_reports_are_entered_mended_and_retired(staged: Stage, keeps: Client) -> None:
    sent = report_form("tcd")
    refused = keeps.post("/watch/reports/new/", sent | {"dated": "", "country": ""})
    assert refused.status_code == 400
    assert b"Give a day" in refused.content and b"Choose a country" in refused.content
    made = keeps.post("/watch/reports/new/", sent)
    address = made["Location"]
    keeps.post(f"{address}edit/", sent | {"title": "Mended"})
    assert "Mended" in text(keeps, address)
    assert keeps.post(f"{address}retire/", {"why": ""}).status_code == 400
    keeps.post(f"{address}retire/", {"why": "Withdrawn by its source."})
    assert "Withdrawn by its source." in text(keeps, address)
    assert "Mended" not in text(keeps, "/watch/reports/?country=tcd")
    assert "Mended" in text(keeps, "/watch/reports/?country=tcd&retired=yes")
    assert "Searches at night" not in text(keeps, "/watch/reports/?kind=un")
    assert "Tension" in text(
        keeps, f"/watch/reports/{staged.report.pk}/"
    )  # the rating that names it


def test_reports_are_paged_by_key(chad: Country, keeper: User, reads: Client) -> None:
    for n in range(51):
        actions.add_report(
            country=chad, kind="un", title=f"Number {n:02}", summary="More.", source="UN",
            dated=date(2020, 1, 1), by=keeper,
        )  # fmt: skip
    page = text(reads, "/watch/reports/")
    assert "Number 50" in page and "Number 00" not in page
    following = re.search(r'href="(\?before=[^"]*)">Older', page)
    assert following and "Number 00" in text(
        reads, f"/watch/reports/{following.group(1).replace('&amp;', '&')}"
    )


def test_watchlists_are_kept_and_listings_end(staged: Stage, keeps: Client) -> None:
    assert keeps.post("/watch/watchlists/", {"name": "", "owner": ""}).status_code == 400
    taken = keeps.post("/watch/watchlists/", {"name": "early WARNING", "owner": "An office"})
    assert taken.status_code == 400 and "There is a list named" in taken.content.decode()
    made = keeps.post("/watch/watchlists/", {"name": "Ours", "owner": "We", "own": "on"})
    address = made["Location"]
    to_come = {"country": "mli", "as_of": "2999-01-01", "standing": "High"}
    assert keeps.post(f"{address}add/", to_come).status_code == 400
    keeps.post(f"{address}add/", to_come | {"as_of": "2020-01-01"})
    assert "1 Jan 2020" in text(keeps, address)
    listing = Listing.objects.latest("pk")
    keeps.post(f"/watch/watchlists/listings/{listing.pk}/end/")
    page = text(keeps, address)
    assert "It names no country as far as this watch knows." in page and "Ended" in page
    keeps.post(address, {"name": "Ours", "owner": "We", "own": "on", "retired": "on"})
    page = text(keeps, "/watch/watchlists/")
    assert page.index("Retired lists") < page.index(">Ours<")


def test_thresholds_are_set_changed_and_dropped(staged: Stage, keeps: Client) -> None:
    wrong = {"name": "Signs", "kind": "ratings", "number": "1", "frame": "", "level": ""}
    refused = keeps.post("/watch/thresholds/", wrong)
    assert refused.status_code == 400 and b"error-summary" in refused.content
    keeps.post("/watch/thresholds/", wrong | {"frame": "osapg", "level": "acute"})
    made = Threshold.objects.get(name="Signs")
    assert Alert.objects.filter(threshold=made, country=staged.country).count() == 1
    assert "at “Acute” or above" in text(keeps, "/watch/thresholds/")
    address = f"/watch/thresholds/{made.pk}/"
    assert 'value="Signs"' in text(keeps, address)
    keeps.post(address, wrong | {"frame": "osapg", "level": "acute", "name": "Acute signs"})
    assert Threshold.objects.get(pk=made.pk).name == "Acute signs"
    keeps.post(f"{address}drop/")
    assert "Acute signs" not in text(keeps, "/watch/thresholds/")
    assert text(keeps, address, 404)


# ---------- alerts and efforts


def test_an_alert_is_raised_by_hand_on_evidence(staged: Stage, keeps: Client) -> None:
    assert "Go on" in text(keeps, "/watch/alerts/new/")
    assert text(keeps, "/watch/alerts/new/?country=nowhere", 400)
    page = text(keeps, "/watch/alerts/new/?country=tcd")
    for value in (
        f"rating-{staged.rating.pk}",
        f"report-{staged.report.pk}",
        f"event-{staged.event.pk}",
    ):
        assert f'value="{value}"' in page
    bare = {"country": "tcd", "words": "Look."}
    for evidence in ([], ["report-999999"], ["nonsense"]):
        refused = keeps.post("/watch/alerts/new/", bare | {"evidence": evidence})
        assert refused.status_code == 400, evidence
        assert 'href="#id_evidence"' in refused.content.decode()
    assert 'id="id_evidence"' in page
    named = [f"report-{staged.report.pk}", f"event-{staged.event.pk}"]
    made = keeps.post("/watch/alerts/new/", bare | {"evidence": named})
    page = text(keeps, made["Location"])
    assert f'href="/watch/reports/{staged.report.pk}/"' in page
    assert f'href="/watch/events/{staged.event.pk}/"' in page


def test_an_alert_is_noted_and_closed_with_a_reason(staged: Stage, keeps: Client) -> None:
    address = f"/watch/alerts/{staged.alert.pk}/"
    refused = keeps.post(f"{address}settle/", {"status": "closed", "why": ""})
    assert refused.status_code == 400 and b"Say why no effort is opened now." in refused.content
    assert keeps.post(f"{address}settle/", {"status": "odd", "why": "So."}).status_code == 400
    keeps.post(f"{address}settle/", {"status": "noted", "why": "It is followed."})
    assert "It is followed." in text(keeps, address)
    keeps.post(f"{address}settle/", {"status": "closed", "why": "It ended."})
    page = text(keeps, address)
    assert "It ended." in page and "What comes of it" not in page
    again = keeps.post(f"{address}settle/", {"status": "closed", "why": "Once more."})
    assert again.status_code == 409 and "already" in again.content.decode()


def test_open_alerts_come_first_and_are_paged(staged: Stage, keeper: User, reads: Client) -> None:
    evidence = [("report", staged.report.pk)]
    made = [
        actions.raise_alert(
            country=staged.country, words=f"No {n:02}.", evidence=evidence, by=keeper
        )
        for n in range(60)
    ]
    for alert in made[30:]:
        actions.settle_alert(alert=alert, status="closed", why="So.", by=keeper)
    seen: list[str] = []
    address = "/watch/alerts/"
    while address:
        page = text(reads, address)
        seen += re.findall(r">(No \d\d|Searches spread)\.", page)
        following = re.search(r'href="\?(after=[^"]*)">Next', page)
        address = f"/watch/alerts/?{following.group(1)}".replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 61
    assert seen[:3] == ["No 29", "No 28", "No 27"] and seen[31] == "No 59"
    page = text(reads, "/watch/alerts/?show=open")
    assert "No 59" not in page and "1 report</td>" in page


def test_opening_an_effort_from_an_alert_is_one_act(
    staged: Stage, keeper: User, people: dict[str, User], reads: Client
) -> None:
    User.objects.filter(pk=people["read"].pk).update(can_open_efforts=True)
    address = f"/watch/countries/tcd/open/?alert={staged.alert.pk}"
    page = text(reads, address)
    assert 'value="Chad"' in page and "Searches spread." in page
    highest = Marking.objects.latest("rank")  # that of the report that the alert rests on
    assert f'<option value="{highest.pk}" selected>' in page
    sent = {
        "name": "Chad", "country": "Chad", "situation": "Searches spread.", "kind": "deliberate",
        "marking": highest.pk, "alert": staged.alert.pk,
    }  # fmt: skip
    assert reads.post(address, sent | {"name": ""}).status_code == 400
    assert not Effort.objects.exists()
    opened = reads.post(address, sent)
    effort = Effort.objects.get()
    assert opened["Location"] == reverse("team", args=[effort.slug])
    assert EffortCountry.objects.get().country == staged.country
    staged.alert.refresh_from_db()
    assert (staged.alert.status, staged.alert.effort) == ("effort", effort)
    # A settled alert leads nowhere any more.
    assert text(reads, address, 404)


def test_an_alert_of_another_country_is_no_way_in(
    staged: Stage, keeper: User, people: dict[str, User], reads: Client
) -> None:
    User.objects.filter(pk=people["read"].pk).update(can_open_efforts=True)
    assert text(reads, f"/watch/countries/mli/open/?alert={staged.alert.pk}", 404)
    assert text(reads, "/watch/countries/mli/open/?alert=x", 404)


def test_a_lead_ties_an_effort_and_the_alert(staged: Stage, keeper: User, keeps: Client) -> None:
    effort = leads(keeper)
    assert 'value="east"' in text(keeps, "/watch/countries/tcd/")
    keeps.post("/watch/countries/tcd/tie/", {"effort": effort.slug, "alert": staged.alert.pk})
    staged.alert.refresh_from_db()
    assert staged.alert.effort == effort
    assert keeps.post("/watch/countries/tcd/tie/", {"effort": effort.slug}).status_code == 400
    keeps.post("/watch/countries/tcd/untie/", {"effort": effort.slug})
    assert not EffortCountry.objects.exists()


def test_only_a_lead_ties_an_effort(
    staged: Stage, keeper: User, people: dict[str, User], reads: Client
) -> None:
    effort = leads(keeper)
    for act in ("tie", "untie"):
        assert (
            reads.post(f"/watch/countries/tcd/{act}/", {"effort": effort.slug}).status_code == 404
        )
    planning.add_member(
        effort=effort, user=people["read"], role=Role.MEMBER, organization=None, by=keeper
    )
    for act in ("tie", "untie"):
        assert (
            reads.post(f"/watch/countries/tcd/{act}/", {"effort": effort.slug}).status_code == 403
        )


# ---------- feeds and imports


def test_a_file_goes_in_while_the_page_shows_how_far(mali: Country, keeps: Client) -> None:
    sent = keeps.post(
        "/watch/imports/new/", {"feed": "generic", "file": event_file(row(1), row(2))}
    )
    address = sent["Location"]
    htmx = {"HX-Request": "true"}
    page = text(keeps, address)
    assert "The file waits for a worker." in page and 'hx-trigger="every 1s"' in page
    Import.objects.update(status="running", rows_total=200, rows_done=50)
    part = keeps.get(address, headers=htmx).content.decode()
    assert part.startswith("<div id=") and "50 of 200 rows checked" in part
    assert 'aria-valuenow="25"' in part
    assert do_jobs() == 1
    assert keeps.get(address, headers=htmx)["HX-Refresh"] == "true"
    page = text(keeps, address)
    assert "2 events added, 0 changed, 0 as they were." in page and "hx-trigger" not in page
    assert "events.csv" not in text(keeps, "/watch/imports/") and "more.csv" in text(
        keeps, "/watch/imports/"
    )
    assert Event.objects.filter(country=mali).count() == 2


def test_what_is_wrong_with_a_file_is_named_by_row_and_column(mali: Country, keeps: Client) -> None:
    file = event_file(row(1), row(2, "Atlantis"), row(3, day="2020-13-45"), name="bad.csv")
    address = keeps.post("/watch/imports/new/", {"feed": "generic", "file": file})["Location"]
    do_jobs()
    page = text(keeps, address)
    assert "Nothing of this file went in." in page
    assert re.search(r'data-label="Row">3</th><td role="cell" class="mono clip">country</td>', page)
    assert "Atlantis" in page and "Try the same file again" in page
    assert not Event.objects.exists()
    keeps.post(f"{address}retry/")
    assert "The file waits for a worker." in text(keeps, address)
    keeps.post(f"{address}cancel/")
    assert "Cancelled" in text(keeps, address)
    assert keeps.post(f"{address}cancel/").status_code == 409


def test_a_bad_form_is_refused_in_its_place(keeps: Client) -> None:
    address = "/watch/imports/new/"
    assert b"Choose a file." in keeps.post(address, {"feed": "generic"}).content
    half = {"feed": "generic", "file": event_file(row(1)), "covers_from": "2020-01-01"}
    refused = keeps.post(address, half)
    assert refused.status_code == 400 and b"Give both the first and the last day" in refused.content
    odd = {"feed": "nowhere", "file": event_file(row(1))}
    assert b"Choose a feed of the list." in keeps.post(address, odd).content
    assert not Import.objects.exists()


def test_a_file_too_large_is_refused_in_its_place(
    keeps: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.uploads.MAX_BYTES", 10)
    sent = {"feed": "generic", "file": event_file(row(1))}
    refused = keeps.post("/watch/imports/new/", sent)
    assert refused.status_code == 400 and b"which is the most" in refused.content


def test_feeds_say_how_fresh_they_are(staged: Stage, reads: Client) -> None:
    page = text(reads, "/watch/feeds/")
    assert "No data since 5 Mar 2020: silence is not calm" in page
    assert "No data yet: silence is not calm" in page  # the other feed
    assert "5 Jan 2020 to 5 Mar 2020" in page


# ---------- what others write


def test_what_others_write_stays_text(
    chad: Country, keeper: User, bring: Bring, keeps: Client
) -> None:
    bring(row(1, "Chad", place=HOSTILE.replace('"', "").replace(",", "")))
    report = actions.add_report(
        country=chad, kind="ngo", title=HOSTILE, summary=HOSTILE, source=HOSTILE,
        dated=date(2020, 1, 1), by=keeper,
    )  # fmt: skip
    rating = actions.rate(
        country=chad, frame="osapg", item="1.1", level="clear", evidence=HOSTILE,
        reports=[report], by=keeper,
    )  # fmt: skip
    alert = actions.raise_alert(
        country=chad, words=HOSTILE, by=keeper,
        evidence=[("report", report.pk), ("rating", rating.pk), ("event", Event.objects.get().pk)],
    )  # fmt: skip
    actions.save_profile(
        country=chad, heading="people", body=HOSTILE, sources=HOSTILE, revision=0, by=keeper
    )
    own = actions.save_watchlist(name=HOSTILE, owner=HOSTILE, own=True, by=keeper)
    actions.list_country(
        watchlist=own, country=chad, as_of=date(2020, 1, 1), standing=HOSTILE, by=keeper
    )
    for address in (
        "/watch/", "/watch/countries/tcd/", "/watch/countries/tcd/events/",
        f"/watch/events/{Event.objects.get().pk}/", "/watch/countries/tcd/ratings/osapg/",
        "/watch/countries/tcd/ratings/osapg/1.1/", "/watch/reports/", f"/watch/reports/{report.pk}/",
        f"/watch/alerts/{alert.pk}/", "/watch/alerts/", "/watch/watchlists/",
        f"/watch/watchlists/{own.pk}/", "/watch/alerts/new/?country=tcd",
        "/watch/countries/tcd/profile/people/",
    ):  # fmt: skip
        page = text(keeps, address)
        assert "<script>alert" not in page, address
        assert ' style="' not in page, address


def test_addresses_of_nothing_are_not_found(staged: Stage, keeps: Client) -> None:
    for address in (
        "/watch/countries/none/", "/watch/events/999999/", "/watch/reports/999999/",
        "/watch/reports/999999/edit/", "/watch/watchlists/999999/", "/watch/alerts/999999/",
        "/watch/imports/999999/", "/watch/countries/none/ratings/osapg/",
    ):  # fmt: skip
        assert text(keeps, address, 404)
    assert keeps.post("/watch/watchlists/listings/999999/end/").status_code == 404
    assert Report.objects.count() == 1


def test_no_form_posts_without_a_token(staged: Stage, keeper: User) -> None:
    strict: Any = Client(enforce_csrf_checks=True)
    strict.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
    answer = strict.post("/watch/countries/tcd/unwatch/", {"why": "Calm."})
    assert answer.status_code == 403 and Country.objects.get(code="tcd").is_watched
