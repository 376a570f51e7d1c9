"""A record with everything that a decision memo tells, and the means to change it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from planning.products.decision_memo import memo
from planning.products.document import Document, build, digest

BANNER = "UNCLASSIFIED // EXERCISE"
UNDER_SECRETARY = "Under Secretary of State for Political Affairs"


def sha256(words: str) -> str:
    """A hash that a test can name."""
    return hashlib.sha256(words.encode()).hexdigest()


def seat(post: str, position: str = "", reason: str = "", **more: str) -> dict[str, str]:
    """A seat of the board as a decision keeps it."""
    at = "2026-11-19T12:05:00+00:00" if position else ""
    return {
        "post": post, "position": position, "reason": reason, "by": "", "at": at, "recused": "",
    } | more  # fmt: skip


def due_out(number: str, text: str, owner: str = "", due: str = "") -> dict[str, str]:
    """A due-out as a record holds it."""
    return {"number": number, "text": text, "owner": owner, "due": due}


def dissent(who: str, words: str, *, after_freeze: bool = False, red_flag: bool = False) -> Any:
    """A dissent as ``planning.sources.fact`` writes it."""
    flag = "Red flag. " if red_flag else ""
    html = (
        f"<p><strong>{flag}{who}</strong>, on Tab 4, entered 19 November 2026, 09:12Z.</p>"
        f"<blockquote><p>{words}</p></blockquote>"
    )
    return {"html": html, "after_freeze": after_freeze, "red_flag": red_flag}


FULL: Mapping[str, Any] = {
    "effort": {"slug": "country-x", "name": "Country X", "country": "Country X"},
    "exercise": True,
    "marking": {"banner": BANNER, "portion": "(U)", "ground": "#216e1f", "rank": 0},
    "letterhead": {
        "lines": ["United States Department of State", "Bureau of Conflict Operations"],
        "seal": "", "ink": "#171716",
    },
    "step": {"number": 3, "title": "Policy Formulation", "cycle": 2},
    "submission": {
        "number": 2, "ask": "Approve the Policy Statement on option one.\n\nKeep option two ready.",
        "package_hash": sha256("package"), "submitted_by": "Lead planner, CSO",
        "submitted_at": "2026-11-19T11:40:00+00:00", "interim": True,
        "warnings": [
            "Tab 5 names no indicator for its second objective.",
            "Tab 4, Enclosure 1 rests on a fact that was changed after it was quoted.",
        ],
    },
    "versions": [
        {"label": "Tab 4", "title": "Policy Memorandum", "number": 3, "sha256": sha256("tab-04"),
         "portion": "(U)", "changed": "3 of 8 sections"},
        {"label": "Tab 4, Enclosure 1", "title": "Options Briefing", "number": 1,
         "sha256": sha256("enclosure"), "portion": "(SBU)", "changed": ""},
        {"label": "Tab 5", "title": "Policy Statement", "number": 12, "sha256": sha256("tab-05"),
         "portion": "(U)", "changed": "1 of 4 sections"},
    ],
    "way": {
        "label": "Board majority", "quorum": 4, "silence_until": "2026-11-21T12:00:00+00:00",
        "tally": "3 concur, 1 nonconcurs, 1 out, 1 recused",
    },
    "seats": [
        seat("Deputy Assistant Secretary, CSO", "Concur"),
        seat("Deputy Assistant Secretary, African Affairs", "Concur with comment",
             "Say at each raid whether soldiers were seen.\n\nNames alone do not do.",
             by="Office Director, West Africa"),
        seat("Deputy Assistant Administrator, USAID", "Concur"),
        seat("Deputy Assistant Secretary of Defense", "Nonconcur",
             "The assessment treats the army as one actor:\n- it took part at Gandi\n- it did not at Dore"),
        seat("Director, National Security Staff"),
        seat("Deputy Assistant Secretary, International Organizations", "Abstain", "No view.",
             recused="The post drafted the annex on sanctions."),
    ],
    "decision": {
        "outcome": "Approved with conditions", "approves": True,
        "by": f"{UNDER_SECRETARY}, for the Deputies Committee",
        "at": "2026-11-19T15:32:00+01:00",
        "conditions": [
            due_out("DO-3", "Compare the count of raids with that of the United Nations.",
                    "Analyst, INR", "2026-11-22T17:00:00+00:00"),
            due_out("DO-4", "Ask the attaché which units were at Lassin."),
        ],
        "guidance": [due_out("DO-5", "Bring two options.", "Lead planner, CSO")],
    },
    "verbal": {
        "by": UNDER_SECRETARY, "at": "2026-11-19T12:20:00+00:00",
        "words": "Go ahead on option one; the paper may follow.", "recorded_by": "Lead planner, CSO",
    },
    "debts": [{"number": "DO-1", "text": "Confirm the choice in writing.",
               "due": "2026-11-21T12:20:00+00:00"}],
    "dissents": [
        dissent("USAID African Bureau", "Access of relief is missing from the next steps."),
        dissent("Country Team", "Fourteen organizations leave this week.", after_freeze=True),
        dissent("Office of Sanctions", "The list names a protected witness.", red_flag=True),
    ],
    "reopened": {
        "reason": "The ceasefire of 17 November ended the ground for option three.",
        "by": "Assistant Secretary, African Affairs", "at": "2026-11-18T08:00:00+00:00",
    },
    "prepared_by": "Lead planner, CSO",
    "controlled_by": "Bureau of Conflict and Stabilization Operations",
}  # fmt: skip


def changed(**parts: Any) -> dict[str, Any]:
    """The full record with some parts replaced; a mapping replaces the keys that it names."""
    record = deepcopy(dict(FULL))
    for key, value in parts.items():
        record[key] = {**record[key], **value} if isinstance(value, dict) else value
    return record


def document(record: Mapping[str, Any]) -> Document:
    """The Document of a record's memo, as the press builds it."""
    taken = memo(record)
    return build(
        taken, approved=True, version=1, content_hash=digest(taken),
        created_at=datetime.fromisoformat(taken["created_at"]),
    )  # fmt: skip


# Where people write, as paths into the record. The html of a dissent is sanitized before.
FREE = (
    "effort.name", "step.title", "submission.ask", "submission.submitted_by",
    "submission.warnings.0", "versions.0.label", "versions.0.title", "versions.0.portion",
    "versions.0.changed", "way.label", "way.tally", "seats.1.post", "seats.1.position",
    "seats.1.reason", "seats.1.by", "seats.5.recused", "decision.outcome", "decision.by",
    "decision.conditions.0.text", "decision.conditions.0.owner", "decision.guidance.0.text",
    "decision.guidance.0.owner", "verbal.by", "verbal.words", "verbal.recorded_by",
    "debts.0.text", "reopened.reason", "reopened.by", "prepared_by", "controlled_by",
    "letterhead.lines.1",
)  # fmt: skip
HOSTILE = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([
            "<script>alert(1)</script>", "</p></blockquote></td></table>", '<img src="x">', "<!--",
            "<h3>", "&amp;", "&lt;p&gt;", "&#0;", "<", ">", "&", '"', "'", "\x00", "\x0b", "\x1f",
            "\x7f", "\ufeff", "\ufffe", "\r\n", "\n\n", "\n- ", "- ", "\t", "\u00a0", "\u202e",
            "\u2028", "ت", "x" * 300, "e\u0301", "]]>", "{{ x }}", "<sup data-note='n'>",
        ]),
        max_size=8,
    ).map("".join),
).map(lambda text: f"{text}z")  # fmt: skip


def filled(words: Mapping[str, str]) -> dict[str, Any]:
    """The full record with ``words`` at their places."""
    record = deepcopy(dict(FULL))
    for path, text in words.items():
        *above, last = path.split(".")
        at: Any = record
        for name in above:
            at = at[int(name)] if isinstance(at, list) else at[name]
        at[int(last) if isinstance(at, list) else last] = text
    return record
