"""What the app plugs into planning: its registers, what the watch knows of the effort's countries,
and the pictures drawn from both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from html import escape

from assessments import current, drawing, selectors
from assessments.models import Country, Import, Profile
from assessments.registers import ALL
from assessments.registers.suggested import suggested
from assessments.selectors.events import Period
from assessments.vocabulary import Heading, Level
from planning import drawn, entries
from planning.models import Effort, Entry, Product
from planning.ports import Fact, plug_in
from planning.products import richtext
from planning.registers import READY_MADE

MONTHS = 24  # of a chart; what is older is told by years
_SHORT = 320  # characters of a profile's heading in a briefing
_PAPER = 2  # pixels of a picture for each that a drawing measures
_SEEN = (Level.ACUTE, Level.CLEAR, Level.EARLY, Level.NONE)


def _png(made: drawing.Drawing) -> tuple[bytes, str]:
    return drawing.png(made.svg, _PAPER * made.width), made.alt


def countries_of(effort: Effort) -> list[Country]:
    """The countries that an effort plans for; kept on the effort. One query."""
    kept: list[Country] | None = effort.__dict__.get("_countries")
    if kept is None:
        kept = effort.__dict__["_countries"] = selectors.countries_of(effort)
    return kept


# ---------- the profile of a country


def profiles_of(effort: Effort) -> list[Profile]:
    """What is written in the profiles of an effort's countries, in the order of the headings; kept
    on the effort. One query besides that of the countries."""
    kept: list[Profile] | None = effort.__dict__.get("_profiles")
    if kept is None:
        order = [heading.value for heading in Heading]
        countries = {country.pk: country for country in countries_of(effort)}
        kept = list(Profile.objects.filter(country__in=countries).exclude(body=""))
        places = list(countries)
        for row in kept:
            row.country = countries[row.country_id]
        kept.sort(key=lambda row: (places.index(row.country_id), order.index(row.heading)))
        effort.__dict__["_profiles"] = kept
    return kept


class ProfileSource:
    """The profile of the effort's countries under some headings."""

    def __init__(self, key: str, label: str, *headings: Heading, short: bool = False) -> None:
        self.key, self.label = key, label
        self.headings = frozenset(heading.value for heading in headings)
        self.short = short

    def facts(self, product: Product) -> Sequence[Fact]:
        """What is written under each heading of each country."""
        several = len(countries_of(product.effort)) > 1
        return [
            self._fact(row, several)
            for row in profiles_of(product.effort)
            if row.heading in self.headings
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The texts."""
        return "".join(fact.html for fact in facts)

    def _fact(self, row: Profile, several: bool) -> Fact:
        body = _shortened(row.body) if self.short else row.body
        head = f"{row.country.name}, {row.get_heading_display()}" if several else (
            row.get_heading_display() if len(self.headings) > 1 else ""
        )  # fmt: skip
        if self.short:
            html = f"<ul><li><p><strong>{escape(head)}:</strong> {escape(body)}</p></li></ul>"
        else:
            title = f"<p><strong>{escape(head)}</strong></p>" if head else ""
            html = title + richtext.from_plain(body)
        at = row.updated_at or row.country.watched_since
        assert at is not None  # noqa: S101 - a text that is there was saved at some time
        key = f"{row.country.code}-{row.heading.replace('_', '-')}"
        return Fact(self.key, key, " ".join(f"{head}: {body}".split()), html, at)


def _shortened(body: str) -> str:
    """The first sentences of a text, as many as a slide has room for."""
    line = " ".join(body.split())
    if len(line) <= _SHORT:
        return line
    end = max(line.rfind(mark, 0, _SHORT) for mark in (". ", "! ", "? "))
    return line[: end + 1] if end > 0 else f"{line[: line.rfind(' ', 0, _SHORT)]} …"


# ---------- events and indicators


class EventsSource:
    """The events of an effort's countries: in words, and drawn."""

    def __init__(self, key: str, label: str) -> None:
        self.key, self.label = key, label

    def facts(self, product: Product) -> Sequence[Fact]:
        """One fact for each country of which there are events: their sums."""
        return [
            Fact(self.key, country.code, words, "", at)
            for country, periods in totals_of(product.effort)
            if (words := _summed(country, periods))
            for at in [_imported(country, product.effort)]
        ]

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The sums in words, and a picture for each country."""
        html = ""
        for country, periods in totals_of(product.effort):
            if _summed(country, periods):
                html += f"<p>{escape(_summed(country, periods))}</p>"
                html += self.figure(product.effort, country, periods)
        return html

    def figure(self, effort: Effort, country: Country, periods: Sequence[Period]) -> str:
        """The picture of one country."""
        raise NotImplementedError


class MapSource(EventsSource):
    """Where the events were."""

    def figure(self, effort: Effort, country: Country, periods: Sequence[Period]) -> str:
        """The map of a country with its events, those without a place told beside it."""
        found = spots_of(effort, country)
        points = [
            drawing.MapPoint(spot.latitude, spot.longitude, spot.best, spot.type, spot.name)
            for spot in found.spots
        ]
        html = drawn.figure(
            effort, (self.key, country.iso3, country.name, points),
            lambda: _png(drawing.country_map(country.iso3 or None, country.name, points)),
        )  # fmt: skip
        if found.unplaced:
            html += f"<p>{found.unplaced} events have no place and are not on the map.</p>"
        return html + _credit(country, effort)


class ChartSource(EventsSource):
    """How many died, month by month."""

    def figure(self, effort: Effort, country: Country, periods: Sequence[Period]) -> str:
        """Deaths by month over the last two years that feeds speak of."""
        shown = [drawing.Period(p.label, p.counts, p.reported) for p in periods[-MONTHS:]]
        title = f"Deaths by month, {country.name}"
        html = drawn.figure(
            effort, (self.key, title, shown),
            lambda: _png(drawing.event_chart(shown, title=title)),
        )  # fmt: skip
        return html + _credit(country, effort)


class IndicatorSource:
    """What the ratings of the UN framework add up to; its categories are not ranked."""

    key = "indicators"
    label = "Indicators of the UN analysis framework"

    def facts(self, product: Product) -> Sequence[Fact]:
        """One fact for each category of each country that was ever rated."""
        found = []
        for country in countries_of(product.effort):
            for one in _cumulative(product.effort, country):
                if one.newest is None:
                    continue
                counted = _counted(one, *_SEEN, Level.UNKNOWN)
                key = f"{country.code}-{one.category.key.replace('_', '-')}"
                words = f"{country.name}, {one.category.name}: {counted}; {one.worse} getting worse"
                found.append(Fact(self.key, key, words, "", one.newest))
        return found

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """A table of the categories in the framework's own order."""
        if not facts:
            return ""
        labels = ("Category", "Signs", "Unknown", "Getting worse")
        head = "".join(f'<th scope="col"><p>{label}</p></th>' for label in labels)
        html = ""
        for country in countries_of(product.effort):
            rows = ""
            for one in _cumulative(product.effort, country):
                cells = "".join(
                    f"<td><p>{text}</p></td>"
                    for text in (_counted(one, *_SEEN), one.unknown or "", one.worse or "")
                )
                name = escape(one.category.name)
                rows += f'<tr><th scope="row"><p>{name}</p></th>{cells}</tr>'
            html += f"<p><strong>{escape(country.name)}</strong>, issues by level of signs</p>"
            html += f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        return html + (
            "<p>The categories are not ranked, and what is unknown is not absent: the cumulative "
            "effect decides.</p>"
        )


def _counted(one: selectors.Cumulative, *levels: Level) -> str:
    """“1 acute, 5 clear signs”."""
    return ", ".join(f"{one.levels[lv]} {lv.label.lower()}" for lv in levels if one.levels[lv])


def totals_of(effort: Effort) -> list[tuple[Country, list[Period]]]:
    """Each country of an effort with its events by month; kept on the effort. Two queries for each
    country."""
    kept: list[tuple[Country, list[Period]]] | None = effort.__dict__.get("_totals")
    if kept is None:
        kept = [(one, selectors.event_totals(one)) for one in countries_of(effort)]
        effort.__dict__["_totals"] = kept
    return kept


def spots_of(effort: Effort, country: Country) -> selectors.Spots:
    """Where the events of a country were; kept on the effort. One query."""
    kept = effort.__dict__.setdefault("_spots", {})
    if country.pk not in kept:
        kept[country.pk] = selectors.places(country)
    found: selectors.Spots = kept[country.pk]
    return found


def _cumulative(effort: Effort, country: Country) -> list[selectors.Cumulative]:
    kept = effort.__dict__.setdefault("_cumulative", {})
    if country.pk not in kept:
        kept[country.pk] = selectors.cumulative(country)
    found: list[selectors.Cumulative] = kept[country.pk]
    return found


def _summed(country: Country, periods: Sequence[Period]) -> str:
    """“Central African Republic: 488 events, 1991-08 to 2013-12, with 3,051 deaths (2,802 to
    4,470); months without data: 24.”; empty when there is no event."""
    total = sum((period.total for period in periods), selectors.Sums())
    if not total.events:
        return ""
    silent = sum(not period.reported for period in periods)
    gap = f" For {silent} months no feed says anything." if silent else ""
    return (
        f"{country.name}: {total.events:,} events, {periods[0].label} to {periods[-1].label}; "
        f"deaths by the best estimate {total.best:,} (low {total.low:,}, high {total.high:,}).{gap}"
    )


def _imports(effort: Effort, country: Country) -> list[Import]:
    """The imports that speak of a country, with their feeds; kept on the effort. One query."""
    kept = effort.__dict__.setdefault("_imports", {})
    if country.pk not in kept:
        kept[country.pk] = list(current.speaking_of(country).select_related("feed"))
    found: list[Import] = kept[country.pk]
    return found


def _imported(country: Country, effort: Effort) -> datetime:
    times = (one.finished_at for one in _imports(effort, country))
    return max((at for at in times if at), default=effort.opened_at)


def _credit(country: Country, effort: Effort) -> str:
    credits = dict.fromkeys(one.feed.credit for one in _imports(effort, country))
    return "".join(f"<p><em>{escape(credit)}</em></p>" for credit in credits if credit)


# ---------- drawn from registers


class NetworkSource:
    """Who does what to whom, drawn from the actors and their relations."""

    key = "actor-network"
    label = "Network of actors"

    def facts(self, product: Product) -> Sequence[Fact]:
        """None of its own: the actors and relations are quoted from their registers."""
        return ()

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The network; the table of relations beside it is its equal."""
        effort = product.effort
        found = entries.entries_of(effort, "actors", "relations")
        edges = [
            drawing.Edge(str(start), str(end), row.title, row.kind or "other")
            for row in found["relations"]
            for start in row.value("start")
            for end in row.value("end")
        ]
        tied = {key for edge in edges for key in (edge.start, edge.end)}
        nodes = [
            drawing.Node(str(row), row.title, row.definition.field("what").label_of(row.kind))
            for row in found["actors"]
            if str(row) in tied
        ]
        known = {node.key for node in nodes}
        edges = [edge for edge in edges if edge.start in known and edge.end in known]
        if not edges:
            return ""
        return drawn.figure(
            effort, (self.key, nodes, edges), lambda: _png(drawing.network(nodes, edges))
        )


class TimelineSource:
    """When windows of vulnerability and of opportunity open and close."""

    key = "findings-timeline"
    label = "Windows on a timeline"

    def facts(self, product: Product) -> Sequence[Fact]:
        """None of its own: the windows are quoted from their register."""
        return ()

    def content(self, product: Product, facts: Sequence[Fact]) -> str:
        """The windows by kind, open ends drawn as such."""
        effort = product.effort
        items = list(_windows(entries.entries_of(effort, "findings")["findings"]))
        if not items:
            return ""
        return drawn.figure(effort, (self.key, items), lambda: _png(drawing.timeline(items)))


def _windows(rows: Iterable[Entry]) -> Iterable[drawing.TimelineItem]:
    for row in rows:
        if row.kind in {"window_of_vulnerability", "window_of_opportunity"}:
            lane = row.definition.field("kind").label_of(row.kind)
            opens, closes = _date(row.value("opens")), _date(row.value("closes"))
            yield drawing.TimelineItem(row.title, lane, opens, closes, row.kind)


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


entries.plug_in_all(ALL)
for _key in ("interests", "requirements", "assumptions", "legal", "messages"):
    READY_MADE[_key] = partial(suggested, _key)
for _source in (
    ProfileSource("country-geography", "Geography", Heading.GEOGRAPHY),
    ProfileSource("country-people", "People", Heading.PEOPLE),
    ProfileSource("country-history", "History", Heading.HISTORY),
    ProfileSource("country-government", "Government", Heading.GOVERNMENT),
    ProfileSource("country-economy", "Economy", Heading.ECONOMY),
    ProfileSource("country-foreign", "Foreign relations", Heading.FOREIGN_RELATIONS),
    ProfileSource("country-us", "U.S. relations", Heading.US_RELATIONS),
    ProfileSource("country-profile", "Country profile", *Heading, short=True),
    MapSource("events-map", "Map of events"),
    ChartSource("events-chart", "Deaths by month"),
    IndicatorSource(),
    NetworkSource(),
    TimelineSource(),
):
    plug_in(_source)
