"""What others say to a dissent: they join it, the lead answers, the authority rules. And what a
dissent may dispute, through the form."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapro.core.errors import Invalid, NotAllowed, WrongState
from mapro.core.models import AuditEvent, Job
from planning import actions, sources
from planning.actions.freeze import snapshot
from planning.models import Dissent, Entry, Reply
from planning.registers import REGISTERS
from planning.vocabulary import Ruling
from tests.world import World, do_jobs

PAGE = "/efforts/country-x/dissents/"
WORDS = "The time is too short."


def enter(world: World, who: str = "board", **more: Any) -> Dissent:
    """A dissent on the course of the effort, unless told."""
    return actions.enter_dissent(effort=world.effort, by=world[who], **({"words": WORDS} | more))


def page(world: World, who: str = "member", query: str = "") -> str:
    """The page of dissents as ``who`` reads it."""
    return unescape(world.client(who).get(f"{PAGE}{query}").content.decode())


@pytest.fixture
def register(world: World) -> Entry:
    """An assumption that is entered."""
    return actions.add_entry(
        effort=world.effort, register=REGISTERS["assumptions"], by=world["member"],
        values={"statement": "NGO presence continues"},
    )  # fmt: skip


# ---------- what it disputes


def submit(world: World) -> int:
    """A pending submission of Step 1; its key."""
    world.write()
    return world.submit().pk


def test_a_submission_is_disputed(world: World) -> None:
    key = submit(world)
    answer = world.client("board").post(PAGE, {"subject": f"submission={key}", "words": WORDS})
    assert answer["Location"] == PAGE
    made = Dissent.objects.get()
    assert (made.submission_id, made.product, made.fact) == (key, None, "")
    link = '<a href="/efforts/country-x/steps/1/#sub-1">submission 1 of Step 1</a>'
    assert f"dissents from {link}" in page(world)


def test_a_submission_of_another_effort_is_not(world: World) -> None:
    key = submit(world)
    stranger = world.client("outsider")
    address = f"/efforts/{world.other.slug}/dissents/"
    for number in (str(key), "999999999999999999999", "x"):
        form = {"submission": number, "words": WORDS}
        assert stranger.post(address, form).status_code == 404
    assert not Dissent.objects.exists()


def test_the_form_names_everything_that_may_be_disputed(world: World, register: Entry) -> None:
    key = submit(world)
    form = page(world, "board")
    for value, words in (
        ("", "The course of the effort"),
        ("product=tab-04", "Tab 4. Policy Advisory Memorandum"),
        ("product=tab-04&section=recommendations", ""),
        (f"submission={key}", "Step 1, submission 1: Approve the step."),
        ("fact=assumptions%3A1", "ASM-1: NGO presence continues"),
    ):
        shown = f'<option value="{value}">{words}' in form
        assert shown == bool(words), value
    assert '<optgroup label="Assumptions">' in form
    assert "fact=dissents" not in form
    assert '<form method="post" action="/efforts/country-x/dissents/" novalidate>' not in page(
        world, "authority"
    )


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("product=tab-04", "product=tab-04"),
        ("product=tab-01&section=timeline", "product=tab-01&section=timeline"),
        ("section=timeline&product=tab-01", "product=tab-01&section=timeline"),
        ("product=tab-01&section=nowhere", "product=tab-01"),
        ("submission={key}", "submission={key}"),
        ("fact=assumptions:1", "fact=assumptions%3A1"),
        ("product=nowhere", None),
        ("submission=x", None),
    ],
)
def test_an_address_chooses_the_subject(
    world: World, register: Entry, query: str, value: str | None
) -> None:
    key = submit(world)
    form = page(world, "board", "?" + query.format(key=key))
    assert form.count(" selected>") == (value is not None)
    if value is not None:
        assert f'<option value="{value.format(key=key)}" selected>' in form


def test_an_old_submission_can_still_be_chosen(world: World) -> None:
    world.write()
    first = None
    for number in range(21):
        made = world.submit(ask=f"Ask {number}.")
        first = first or made
        actions.withdraw_submission(step=world.step(), by=world["lead"])
    assert first is not None
    assert "Ask 20." in page(world, "board")
    assert "Ask 0." not in page(world, "board")
    assert f'"submission={first.pk}" selected' in page(world, "board", f"?submission={first.pk}")


def test_an_entry_of_a_register_is_disputed_as_it_read(
    world: World, register: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"subject": "fact=assumptions%3A1", "words": WORDS}
    assert world.client("board").post(PAGE, form).status_code == 302
    made = Dissent.objects.get()
    assert (made.source, made.fact, made.product) == ("assumptions", "1", None)
    actions.save_entry(
        entry=register, values={"statement": "NGO presence ends"}, revision=1, by=world["lead"]
    )
    assert "dissents from Assumptions, “NGO presence continues; Status: Proposed”" in page(world)


def test_an_entry_that_is_gone_is_refused_and_the_words_stay(world: World, register: Entry) -> None:
    form = {"subject": "fact=assumptions%3A8", "words": WORDS, "red_flag": "yes"}
    answer = world.client("board").post(PAGE, form)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert '<a href="#subject">No register of this effort holds that entry' in shown
    assert f">{WORDS}</textarea>" in shown
    assert 'name="red_flag" value="yes" aria-describedby="red-flag-hint" checked' in shown
    assert not Dissent.objects.exists()


# ---------- the red flag


def test_a_red_flag_goes_to_the_authority_and_to_nobody_else(
    world: World, mailoutbox: list[Any]
) -> None:
    enter(world, words="Calm.")
    assert not Job.objects.filter(key__startswith="red_flag").exists()
    world.client("member").post(PAGE, {"words": WORDS, "red_flag": "yes"})
    do_jobs()
    assert [mail.to for mail in mailoutbox] == [[world["authority"].email]]
    assert WORDS not in mailoutbox[0].body
    assert AuditEvent.objects.filter(code="dissent.flagged").count() == 1


def test_what_stands_comes_first_and_red_flags_before_it(world: World) -> None:
    first = enter(world, words="Flagged.", red_flag=True)
    gone = enter(world, words="Taken back.", red_flag=True)
    enter(world, words="Older.")
    enter(world, words="Newer.")
    actions.withdraw_dissent(dissent=gone, by=world["board"], why="Settled.")
    shown = page(world)
    order = [shown.index(w) for w in ("Flagged.", "Newer.", "Older.", "Taken back.")]
    assert order == sorted(order)
    assert shown.count('use href="#i-stop"/></svg>Red flag') == 2
    assert "Withdrawn by its author" in shown and "Settled." in shown
    assert str(first) in shown


# ---------- joining


def test_somebody_joins_and_takes_it_back(world: World) -> None:
    made = enter(world)
    board = world.client("board-io")
    assert "Co-sign" in page(world, "board-io")
    answer = board.post(f"{PAGE}{made.pk}/cosign/")
    assert answer["Location"] == f"{PAGE}#d-{made.pk}"
    assert "Take back my co-signature" in page(world, "board-io")
    assert f"Co-signed by {world['board-io'].organization}" in page(world)
    assert board.post(f"{PAGE}{made.pk}/cosign/").status_code == 409
    board.post(f"{PAGE}{made.pk}/cosign/", {"take_back": "yes"})
    reply = Reply.objects.get()
    assert reply.withdrawn_at is not None
    assert "(taken back <time" in page(world)
    assert board.post(f"{PAGE}{made.pk}/cosign/", {"take_back": "yes"}).status_code == 409
    board.post(f"{PAGE}{made.pk}/cosign/")  # again: a second row, the first stays
    assert Reply.objects.filter(withdrawn_at=None).count() == 1
    assert Reply.objects.count() == 2
    codes = AuditEvent.objects.filter(code__startswith="dissent.cosign").values_list("code")
    assert [code for (code,) in codes] == [
        "dissent.cosigned", "dissent.cosignature_withdrawn", "dissent.cosigned",
    ]  # fmt: skip


def test_nobody_joins_their_own_or_a_withdrawn_one(world: World) -> None:
    made = enter(world)
    with pytest.raises(NotAllowed, match="your own"):
        actions.cosign_dissent(dissent=made, by=world["board"])
    actions.cosign_dissent(dissent=made, by=world["member"])  # with another author it goes
    actions.withdraw_dissent(dissent=made, by=world["board"])
    with pytest.raises(WrongState, match="withdrawn"):
        actions.cosign_dissent(dissent=made, by=world["board-io"])
    assert Reply.objects.count() == 1


def test_the_database_holds_one_signature_of_each(world: World) -> None:
    made = enter(world)
    kept = actions.cosign_dissent(dissent=made, by=world["member"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(dissent=made, kind="cosign", by=world["member"], at=kept.at)


@pytest.mark.parametrize("who", ["authority", "outsider"])
def test_who_enters_none_joins_none(world: World, who: str) -> None:
    made = enter(world)
    assert world.client(who).post(f"{PAGE}{made.pk}/cosign/").status_code in {403, 404}
    assert not Reply.objects.exists()


# ---------- answer and ruling


def test_the_lead_answers_and_the_authority_rules(world: World) -> None:
    made = enter(world)
    assert "Not answered" in page(world)
    lead, authority = world.client("lead"), world.client("authority")
    said = lead.post(f"{PAGE}{made.pk}/answer/", {"words": "We asked for a week.\n\n- <b>More</b>"})
    assert said["Location"] == f"{PAGE}#d-{made.pk}"
    form = {"ruling": "in_part", "words": "A week more, no longer."}
    assert authority.post(f"{PAGE}{made.pk}/rule/", form).status_code == 302
    shown = world.client("board").get(PAGE).content.decode()
    assert "Answer of the lead</b>" in shown
    assert "<li><p>&lt;b&gt;More&lt;/b&gt;</p></li>" in shown
    assert "Ruling of the authority: sustained in part</b>" in shown
    assert "A week more, no longer." in shown
    assert "Not answered" not in shown
    made.refresh_from_db()
    assert (made.words, made.withdrawn_at) == (WORDS, None)
    printed = sources.fact(sources.dissents_of(world.step().effort)[0]).html
    assert "We asked for a week." in printed and "sustained in part" in printed


def test_what_was_said_is_printed_with_the_dissent(world: World) -> None:
    made = enter(world, product=world.product())
    actions.answer_dissent(dissent=made, words="We asked for a week.", by=world["lead"])
    actions.rule_dissent(
        dissent=made, ruling=Ruling.SUSTAINED, words="Take it.", by=world["authority"]
    )
    [annex] = snapshot(world.product())["annexes"]
    assert "We asked for a week." in annex["html"]
    assert "Take it." in annex["html"]


@pytest.mark.parametrize(
    ("who", "act", "form", "says"),
    [
        ("lead", "answer", {"words": "  "}, "Say what the team answers."),
        ("lead", "answer", {"words": "long " * 900}, "below 4,000"),
        ("authority", "rule", {"words": "Because."}, "Choose a ruling."),
        ("authority", "rule", {"ruling": "maybe", "words": "Because."}, "Choose a ruling."),
        ("authority", "rule", {"ruling": "sustained", "words": ""}, "Say why"),
        ("board", "withdraw", {"why": "long " * 300}, "below 1,000"),
    ],
)
def test_a_refusal_opens_the_form_again_with_what_was_typed(
    world: World, who: str, act: str, form: dict[str, str], says: str
) -> None:
    made, other = enter(world), enter(world, words="Another.")
    answer = world.client(who).post(f"{PAGE}{made.pk}/{act}/", form)
    assert answer.status_code == 400
    shown = unescape(answer.content.decode())
    assert shown.count('class="error-summary"') == 1
    assert says in shown
    assert shown.count('<details class="second-step" open>') == 1
    place = shown[shown.index(f'id="d-{made.pk}"') :]
    assert " open>" in place
    typed = form.get("words") or form.get("why", "")
    if typed.strip():
        assert shown.count(typed.strip()) == 1
    if form.get("ruling") == "sustained":
        assert f'id="ruling-{made.pk}-sustained" type="radio" name="ruling" value="sustained"' in (
            shown
        )
        assert 'value="sustained" required checked' in shown
    assert not Reply.objects.exists()
    assert str(other) in shown


def test_nobody_rules_on_their_own(world: World) -> None:
    made = enter(world)
    Dissent.objects.filter(pk=made.pk).update(author=world["authority"])
    form = {"ruling": "sustained", "words": "Mine."}
    assert world.client("authority").post(f"{PAGE}{made.pk}/rule/", form).status_code == 403
    assert "Put the ruling on record" not in page(world, "authority")
    Dissent.objects.filter(pk=made.pk).update(author=world["board"])
    assert "Put the ruling on record" in page(world, "authority")
    assert world.client("authority").post(f"{PAGE}{made.pk}/rule/", form).status_code == 302


@pytest.mark.parametrize(("act", "may"), [("answer", {"lead"}), ("rule", {"authority"})])
def test_only_whose_part_it_is(world: World, act: str, may: set[str]) -> None:
    made = enter(world)
    form = {"ruling": "sustained", "words": "Because."}
    for who in ("lead", "member", "board", "board-io", "authority"):
        status = world.client(who).post(f"{PAGE}{made.pk}/{act}/", form).status_code
        assert status == (302 if who in may else 403), who
    label = "Put the answer on record" if act == "answer" else "Put the ruling on record"
    assert {w for w in ("lead", "member", "authority") if label in page(world, w)} == may


def test_the_database_wants_words_of_a_reply(world: World) -> None:
    made = enter(world)
    for kind, ruling, words in (
        ("answer", "", ""), ("ruling", "", "Words."), ("ruling", "sustained", ""),
        ("cosign", "", "Words."), ("answer", "sustained", "Words."),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.create(
                dissent=made, kind=kind, ruling=ruling, words=words, by=world["lead"],
                at=timezone.now(),
            )  # fmt: skip


def test_an_action_wants_words(world: World) -> None:
    made = enter(world)
    with pytest.raises(Invalid):
        actions.answer_dissent(dissent=made, words=" ", by=world["lead"])
    with pytest.raises(Invalid):
        actions.rule_dissent(dissent=made, ruling=Ruling.SUSTAINED, words="", by=world["authority"])


# ---------- the piece that other pages show


def test_a_brief_one_is_short_and_leads_to_the_whole(world: World) -> None:
    made = enter(world, words="word " * 70 + "last")
    actions.answer_dissent(dissent=made, words="Our answer.", by=world["lead"])
    [read] = sources.dissents_of(world.step().effort)
    shown = {
        brief: render_to_string(
            "planning/_dissent.html", {"d": read, "effort": world.effort, "brief": brief}
        )
        for brief in (True, False)
    }
    assert shown[True].count("word") == 60 + 1  # and the class of the place
    assert "last" not in shown[True] and "last" in shown[False]
    assert f'href="{PAGE}#d-{made.pk}"' in shown[True]
    assert "Answered <time" in shown[True] and "Our answer." not in shown[True]
    assert "Our answer." in shown[False]
    assert "<form" not in shown[True] + shown[False]


def test_the_page_names_an_author_at_each_dissent_and_nowhere_else(world: World) -> None:
    for number in range(3):
        enter(world, words=f"No {number}.")
    assert page(world, "authority").count(world["board"].post) == 3


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_costs_the_same_with_many(world: World, register: Entry, rows: int) -> None:
    key = submit(world)
    submission = world.effort.steps.get(number=1).submissions.get(pk=key)
    for number in range(rows):
        made = enter(world, words=f"No {number}.", red_flag=True)
        enter(world, words="On it.", submission=submission)
        enter(world, words="On a part.", product=world.product(), section="timeline")
        enter(world, words="On an entry.", fact="assumptions:1")
        actions.cosign_dissent(dissent=made, by=world["member"])
        actions.answer_dissent(dissent=made, words="So.", by=world["lead"])
    client = world.client("member")
    with CaptureQueriesContext(connection) as caught:
        assert client.get(PAGE).status_code == 200
    assert len(caught) == 11
