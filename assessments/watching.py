"""What the watch knows in an exercise, as data: ``scenarios/<name>/watch.yaml``, in parts.

A part may hold, in this order: why the country is watched, its profile, watch lists and what they
say, reports, thresholds, a file of events, ratings, an alert, and how alerts are settled. Taking a
part in twice changes nothing. Evidence of a rating may count events: a name in braces stands for
what ``counts`` asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from django.db.models import Count, Q, Sum

from assessments import actions, frames
from assessments.models import (
    Alert,
    Country,
    EffortCountry,
    Event,
    Feed,
    Listing,
    Profile,
    Rating,
    Report,
    Threshold,
    Watchlist,
)
from assessments.vocabulary import AlertStatus, FrameKey, Heading, ImportStatus, Level
from mapro.core.models import User
from planning.models import Effort
from planning.screenplay import ScriptError

FOLDER = Path(__file__).parent / "scenarios"
KEYS = frozenset(
    "country why profile watchlists listings reports thresholds events ratings alert settle".split()
)
Part = Mapping[str, Any]


@cache
def parts(scenario: str) -> Mapping[str, Part]:
    """The parts of a scenario by key; none where it has nothing for the watch."""
    path = FOLDER / scenario / "watch.yaml"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def faults(scenario: str, key: str) -> Iterator[str]:
    """Why a part cannot be taken in, as far as the file itself shows it."""
    found = parts(scenario)
    if key not in found:
        yield f"{scenario}/watch.yaml has no part “{key}”; it has {', '.join(found) or 'none'}"
        return
    part = found[key]
    for name in part.keys() - KEYS:
        yield f"part “{key}” has no “{name}”"
    if "country" not in part:
        yield f"part “{key}” names no country"
    for heading in part.get("profile", {}).keys() - set(Heading.values):
        yield f"a profile has no heading “{heading}”"
    if "events" in part and not _file(scenario, part["events"]).is_file():
        yield f"there is no file {part['events']['file']}"
    known = [r["id"] for one in found.values() for r in one.get("reports", ())]
    for row in part.get("ratings", ()):
        where = f"the rating of {row.get('frame')} {row.get('item')}"
        if row.get("frame") not in FrameKey.values:
            yield f"{where}: there is no such frame"
        elif row.get("item") not in frames.frame_of(row["frame"]).items:
            yield f"{where}: there is no such item"
        if row.get("level") not in Level.values:
            yield f"{where}: “{row.get('level')}” is no level"
        yield from (f"{where}: {fault}" for fault in _miscounted(row))
    for row in (*part.get("ratings", ()), part.get("alert", {})):
        for name in set(row.get("reports", ())) - set(known):
            yield f"there is no report “{name}”"


def take_in(scenario: str, key: str, *, effort: Effort, by: User) -> None:
    """Let the watch come to know a part, by the actions of its pages, and tie its country to the
    effort.

    Raises ScriptError for a file of events with problems, and whatever an action refuses.
    """
    part, every = parts(scenario)[key], parts(scenario)
    country = Country.objects.get(code=part["country"])
    if "why" in part and country.watched_since is None:
        actions.watch_country(country=country, why=part["why"], by=by)
    _profile(country, part.get("profile", {}), by)
    _lists(part, by)
    reports = _reports(country, part, every, by)
    for row in part.get("thresholds", ()):
        if not Threshold.objects.filter(name=row["name"]).exists():
            actions.set_threshold(**row, country=country, by=by)
    if "events" in part:
        _events(_file(scenario, part["events"]), part["events"], by)
    for row in part.get("ratings", ()):
        evidence = row["evidence"].format_map(_counted(country, row.get("counts", {})))
        same = {name: row[name] for name in ("frame", "item", "level")} | {"evidence": evidence}
        if not Rating.objects.filter(country=country, **same).exists():
            on = [reports[name] for name in row.get("reports", ())]
            said = {name: value for name, value in row.items() if name != "counts"}
            actions.rate(**{**said, "evidence": evidence, "reports": on}, country=country, by=by)
    if not EffortCountry.objects.filter(effort=effort, country=country).exists():
        actions.tie_country(effort=effort, country=country, by=by)
    _alerts(country, part, reports, effort, by)


def _profile(country: Country, profile: Part, by: User) -> None:
    revisions = dict(Profile.objects.filter(country=country).values_list("heading", "revision"))
    for heading, row in profile.items():
        actions.save_profile(
            country=country, heading=heading, body=row["body"], sources=row.get("sources", ""),
            revision=revisions.get(heading, 0), by=by,
        )  # fmt: skip


def _lists(part: Part, by: User) -> None:
    for row in part.get("watchlists", ()):
        if not Watchlist.objects.filter(name=row["name"]).exists():
            actions.save_watchlist(**row, by=by)
    for row in part.get("listings", ()):
        watchlist = Watchlist.objects.get(name=row["watchlist"])
        country = Country.objects.get(code=row["country"])
        said = {"watchlist": watchlist, "country": country, "as_of": row["as_of"]}
        if not Listing.objects.filter(**said).exists():
            actions.list_country(**said, standing=row["standing"], by=by)


def _reports(
    country: Country, part: Part, every: Mapping[str, Part], by: User
) -> dict[str, Report]:
    """The reports of all parts that were entered, by id."""
    titles = {r["id"]: r["title"] for one in every.values() for r in one.get("reports", ())}
    there = {row.title: row for row in Report.objects.filter(country=country)}
    for row in part.get("reports", ()):
        if row["title"] not in there:
            fields = {name: value for name, value in row.items() if name != "id"}
            there[row["title"]] = actions.add_report(country=country, by=by, **fields)
    return {key: there[title] for key, title in titles.items() if title in there}


def _file(scenario: str, row: Part) -> Path:
    """Where a file of events lies: beside the parts, or in a folder of the app."""
    folder = FOLDER.parent / row["folder"] if "folder" in row else FOLDER / scenario
    return folder / str(row["file"])


def _events(path: Path, row: Part, by: User) -> None:
    with path.open("rb") as file:
        imported = actions.start_import(
            feed=Feed.objects.get(key=row.get("feed", "generic")), file=file,
            file_name=row["file"], by=by, covers_from=row["covers_from"],
            covers_to=row["covers_to"], queue=False,
        )  # fmt: skip
    imported = actions.run_import(imported.pk)
    if imported.status != ImportStatus.DONE:
        problems = "; ".join(
            f"row {one['row']}, {one['column']}: {one['message']}" for one in imported.problems
        )
        raise ScriptError(f"{row['file']} was not taken in: {problems}")


@dataclass(frozen=True)
class Counted:
    """What a query of events gives, for the words of a rating's evidence."""

    events: int
    best: int
    low: int
    high: int
    provinces: int

    def __str__(self) -> str:
        noun = "event" if self.events == 1 else "events"
        if not self.events:
            return "no event"
        return f"{self.events:,} {noun} with {self.best:,} deaths ({self.low:,} to {self.high:,})"


def _counted(country: Country, asked: Mapping[str, Part]) -> dict[str, Counted]:
    """The answer to each question: between two days, of some types, with some sides."""
    found = {}
    for name, row in asked.items():
        wanted = Q(country=country, date_start__range=(row["from"], row["to"]))
        if "types" in row:
            wanted &= Q(type_of_violence__in=row["types"])
        if "side" in row:
            wanted &= Q(side_a__in=row["side"]) | Q(side_b__in=row["side"])
        sums = Event.objects.filter(wanted).aggregate(
            events=Count("pk"), best=Sum("deaths_best", default=0),
            low=Sum("deaths_low", default=0), high=Sum("deaths_high", default=0),
            provinces=Count("adm_1", distinct=True, filter=~Q(adm_1="")),
        )  # fmt: skip
        found[name] = Counted(**sums)
    return found


def _miscounted(row: Part) -> Iterator[str]:
    """Names in the evidence that nothing counts, and counts without their days."""
    counts = row.get("counts", {})
    for _, name, _, _ in Formatter().parse(row.get("evidence", "")):
        if name is not None and name.partition(".")[0] not in counts:
            yield f"nothing counts “{name}”"
    for name, asked in counts.items():
        if not {"from", "to"} <= asked.keys() <= {"from", "to", "types", "side"}:
            yield f"“{name}” counts from a day to a day, by types and side"


def _alerts(
    country: Country, part: Part, reports: Mapping[str, Report], effort: Effort, by: User
) -> None:
    """Raise the part's own alert and let it lead to the effort; note the others that are open."""
    settle = part.get("settle", {})
    if "alert" in part and not Alert.objects.filter(words=part["alert"]["words"]).exists():
        evidence = [("report", reports[name].pk) for name in part["alert"]["reports"]]
        alert = actions.raise_alert(
            country=country, words=part["alert"]["words"], evidence=evidence, by=by
        )
        actions.settle_alert(
            alert=alert, status=AlertStatus.EFFORT, effort=effort, why=settle.get("effort", ""),
            by=by,
        )  # fmt: skip
    if "noted" in settle:
        for alert in Alert.objects.filter(country=country, status=AlertStatus.OPEN):
            actions.settle_alert(alert=alert, status=AlertStatus.NOTED, why=settle["noted"], by=by)
