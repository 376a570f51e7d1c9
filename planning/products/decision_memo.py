"""The decision memo: a decision whole, from a plain record to a snapshot that ``document`` builds.

No ORM, no clock: the same record gives the same snapshot and the same digest. What people wrote is
escaped as words; each section leaves through the sanitizer, so that it holds the vocabulary of
``richtext`` and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from planning.products import richtext
from planning.products.reading import ILLEGAL

SCHEMA = 2  # of the snapshot, as ``document.build`` reads it
GROUP = 8  # letters of a hash between two spaces, so that people compare it and a table breaks it

Record = Mapping[str, Any]


def memo(record: Record) -> dict[str, Any]:
    """The snapshot of the memo that this record tells. Raises ValueError for a time that is not
    ISO 8601."""
    decision, marking = record["decision"], record["marking"]
    name = _plain(record["effort"]["name"])
    title = f"Decision on {_step(record)}, submission {record['submission']['number']}"
    return {
        "schema": SCHEMA,
        "title": title,
        "label": "Decision memo",
        "layout": "memorandum",
        "language": "en",
        "created_at": decision["at"],
        "effort": {**record["effort"], "name": name},
        "header": [
            ["To", f"Interagency Planning Team, {name}"],
            ["From", _plain(decision["by"])],
            ["Date", _when(decision["at"])],
            ["Subject", f"{name}: {title}"],
        ],
        "designation": [
            ["Marking", marking["banner"]],
            ["Prepared by", _plain(record["prepared_by"])],
            ["Controlled by", _plain(record["controlled_by"])],
            ["Releasable to", "Members of the effort"],
            ["Handling", "Exercise material" if record["exercise"] else "Official use"],
        ],
        "marking": dict(marking),
        "letterhead": _letterhead(record["letterhead"]),
        "sections": [
            {
                "key": key, "number": str(number), "title": heading, "depth": 1,
                "portion": marking["portion"], "html": richtext.clean(tell(record)),
            }
            for number, (key, heading, tell) in enumerate(_SECTIONS, start=1)
        ],
        "annexes": [],
    }  # fmt: skip


# ---------- sections


def _decision(record: Record) -> str:
    """What was decided in one sentence, what stands against it, what was asked for, why again."""
    decision, submission, reopened = record["decision"], record["submission"], record["reopened"]
    cycle = record["step"]["cycle"]
    again = f" in cycle {cycle}" if cycle > 1 else ""
    html = _p(
        f"<strong>{_line(decision['outcome'])}</strong>: submission {submission['number']} of "
        f"{_line(_step(record))}{again}, decided {_when(decision['at'])} by "
        f"{_line(decision['by'])}."
    )
    if submission["interim"]:
        html += _p("It concerns the products of this package alone: the step stays open.")
    if record["dissents"]:
        html += _p(_against(record["dissents"]))
    html += _h("Decision asked for") + _quote(submission["ask"])
    if reopened:
        html += _h("Why this step was decided again")
        html += _p(f"Reopened {_when(reopened['at'])} by {_line(reopened['by'])}:")
        html += _quote(reopened["reason"])
    return html


def _against(dissents: Sequence[Record]) -> str:
    count, flags = len(dissents), sum(one["red_flag"] for one in dissents)
    words = "1 dissent is" if count == 1 else f"{count} dissents are"
    raised = f", {flags} with a red flag" if flags else ""
    return f"{words} on record{raised}: see section 2."


def _dissents(record: Record) -> str:
    """The dissents, red flags first; those that came after the freeze stand apart."""
    rows = sorted(record["dissents"], key=lambda one: not one["red_flag"])
    if not rows:
        return _p("No dissent is on record.")
    html = "".join(one["html"] for one in rows if not one["after_freeze"])
    later = "".join(one["html"] for one in rows if one["after_freeze"])
    if later:
        frozen = _when(record["submission"]["submitted_at"])
        html += _h(f"Entered after the freeze of {frozen}") + later
    return html


def _conditions(record: Record) -> str:
    """What the decision gives to do: conditions hold the next gate, guidance does not."""
    conditions, guidance = record["decision"]["conditions"], record["decision"]["guidance"]
    html = ""
    if conditions:
        html += _h("Conditions") + _p("No later package is submitted while one of these is open.")
        html += _due_outs(conditions)
    if guidance:
        html += _h("Guidance") + _due_outs(guidance)
    return html or _p("No condition and no guidance was given.")


def _positions(record: Record) -> str:
    """The board as it stood: every seat, also those that took no position."""
    if not record["seats"]:
        return _p("The Supervisory Board had no seats.")
    rows = [(_seat(one), _position(one), _reason(one)) for one in record["seats"]]
    return _table(("Post", "Position", "Reason"), rows)


def _seat(seat: Record) -> str:
    html = _p(_line(seat["post"]))
    return html + _p(f"Substitute: {_line(seat['by'])}") if seat["by"] else html


def _position(seat: Record) -> str:
    """What the seat said and when; a recusal stands before what was said until then."""
    said = _line(seat["position"])
    if seat["recused"]:
        said = f"Recused; until then: {said}" if said else "Recused"
    html = _p(f"<strong>{said or 'Not cast'}</strong>")
    return html + _p(_when(seat["at"])) if seat["at"] else html


def _reason(seat: Record) -> str:
    return richtext.from_plain(seat["recused"]) + richtext.from_plain(seat["reason"])


def _package(record: Record) -> str:
    """What exactly was decided on, and by which rules."""
    submission, way = record["submission"], record["way"]
    rows = [_version(one) for one in record["versions"]]
    html = _table(("Product", "Version", "SHA-256"), rows) if rows else ""
    facts = (
        ("Package hash", _grouped(submission["package_hash"])),
        ("Frozen", _when(submission["submitted_at"])),
        ("Submitted by", _line(submission["submitted_by"])),
        ("Way of deciding", _line(way["label"])),
        ("Quorum", _quorum(way["quorum"])),
        ("Silence until", _when(way["silence_until"])),
        ("Count", _line(way["tally"])),
    )
    html += _h("The package as a whole")
    html += _table((), [(_p(label), _p(words)) for label, words in facts if words])
    return html + _h("Warnings of the gate") + _warnings(submission["warnings"])


def _version(version: Record) -> tuple[str, str, str]:
    product = f"{_line(version['label'])}. {_line(version['title'])} {_line(version['portion'])}"
    number = _p(str(version["number"]))
    if version["changed"]:
        number += _p(f"{_line(version['changed'])} changed")
    return _p(product), number, _p(_grouped(version["sha256"]))


def _quorum(quorum: int) -> str:
    return f"{quorum} {'seat' if quorum == 1 else 'seats'}" if quorum else "None"


def _warnings(warnings: Sequence[str]) -> str:
    items = "".join(f"<li>{_p(_line(one))}</li>" for one in warnings)
    return f"<ul>{items}</ul>" if items else _p("None.")


def _owed(record: Record) -> str:
    """The debts that stand after the decision, and the word of mouth that came before it."""
    verbal = record["verbal"]
    html = _due_outs(record["debts"]) if record["debts"] else ""
    if verbal:
        confirmed = "confirms it" if record["decision"]["approves"] else "does not confirm it"
        html += _h("Verbal approval") + _p(
            f"Given {_when(verbal['at'])} by {_line(verbal['by'])}, recorded by "
            f"{_line(verbal['recorded_by'])}:"
        )
        html += _quote(verbal["words"]) + _p(f"This decision {confirmed}.")
    return html or _p("Nothing.")


def _due_outs(rows: Sequence[Record]) -> str:
    """Due-outs as a table. Who owes and until when are columns only if one row says so."""
    owners = [_line(row.get("owner", "")) for row in rows]
    dates = [_when(row["due"]) for row in rows]
    head = ["Number", "What is owed"]
    cells = [[_p(_line(row["number"])), richtext.from_plain(row["text"])] for row in rows]
    for name, words, none in (("Owner", owners, "Not named"), ("Due", dates, "No date")):
        if any(words):
            head.append(name)
            for row, one in zip(cells, words, strict=True):
                row.append(_p(one or none))
    return _table(head, cells)


_SECTIONS = (
    ("decision", "Decision", _decision),
    ("dissents", "Dissents", _dissents),
    ("conditions", "Conditions and guidance", _conditions),
    ("positions", "Positions of the Supervisory Board", _positions),
    ("package", "The package", _package),
    ("owed", "Owed after this decision", _owed),
)


# ---------- words


def _step(record: Record) -> str:
    """“Step 3, Policy Formulation”."""
    return f"Step {record['step']['number']}, {_plain(record['step']['title'])}"


def _when(iso: str) -> str:
    """A time as documents print it, “19 November 2026, 14:32Z”; nothing for none."""
    if not iso:
        return ""
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%d %B %Y, %H:%MZ}".lstrip("0")


def _letterhead(letterhead: Record) -> dict[str, Any]:
    if not letterhead:
        return {}
    return {**letterhead, "lines": [_plain(line) for line in letterhead["lines"]]}


def _grouped(digest: str) -> str:
    return _line(" ".join(digest[at : at + GROUP] for at in range(0, len(digest), GROUP)))


def _plain(text: str) -> str:
    """Words on one line, without what documents cannot hold."""
    return " ".join(ILLEGAL.sub("", text).split())


def _line(text: str) -> str:
    """The same as HTML."""
    return escape(_plain(text), quote=False)


def _p(html: str) -> str:
    return f"<p>{html}</p>"


def _h(html: str) -> str:
    return f"<h3>{html}</h3>"


def _quote(text: str) -> str:
    return f"<blockquote>{richtext.from_plain(text)}</blockquote>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose rows are headed by their first cell; no ``head`` for a list of facts."""
    columns = "".join(f'<th scope="col">{_p(words)}</th>' for words in head)
    body = f"<tr>{columns}</tr>" if columns else ""
    for first, *others in rows:
        cells = "".join(f"<td>{cell}</td>" for cell in others)
        body += f'<tr><th scope="row">{first}</th>{cells}</tr>'
    return f"<table><tbody>{body}</tbody></table>"
