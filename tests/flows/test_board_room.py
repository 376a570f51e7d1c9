"""The board room: what it shows, who may act in it, and that no refusal loses a word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapro.core.models import Job, Organization
from planning import actions
from planning.actions import govern
from planning.models import Decision, Dissent, DueOut, Rendition, Submission, Vote
from planning.vocabulary import Origin, Outcome, Position, Role, StepStatus, Way
from tests.flows.test_query_counts import queries
from tests.world import World, do_jobs

STEP = "/efforts/country-x/steps/1/"
ROOM = f"{STEP}board/"
HOUR = timedelta(hours=1)
BOARD = ("board", "board-af", "board-io", "board-osd", "board-nss")


def room(world: World, who: str = "board", query: str = "", step: str = STEP) -> str:
    """The room's text."""
    answer = world.client(who).get(f"{step}board/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def part(text: str, name: str) -> str:
    """The section with the heading ``name``, the next one left out."""
    return text[text.index(f'id="{name}"') :].split("<h2", 1)[0]


def post(world: World, who: str, act: str, **form: Any) -> Any:
    """Send a form of the room for the pending package."""
    package = Submission.objects.filter(status="pending").values_list("package_hash", flat=True)
    return world.client(who).post(f"{STEP}{act}/", {"package_hash": package.first() or "", **form})


def decide(world: World, who: str = "authority", **form: Any) -> Any:
    """Send the decision form, ticked."""
    return post(world, who, "decide", **({"outcome": "approve", "read": "yes"} | form))


def delegate(world: World, holder: str, to: str, role: Role) -> None:
    """Let somebody stand in since an hour ago."""
    now = timezone.now()
    actions.delegate(
        effort=world.effort, holder=world[holder], role=role, to=world[to], why="On leave.",
        starts_at=now - HOUR, ends_at=now + HOUR, by=world[holder],
    )  # fmt: skip


def settle(world: World, way: Way, quorum: int = 0) -> None:
    """Settle how Step 1 is decided."""
    actions.settle_step(
        step=world.step(), by=world["lead"], way=way, quorum=quorum, silence_hours=48, due_at=None
    )


@pytest.fixture
def package(world: World) -> Submission:
    """Step 1 with the board."""
    world.write()
    return world.submit(ask="Approve the guidance.")


def save(world: World, key: str, body: str, who: str = "member") -> None:
    """Save a section of Tab 1."""
    section = world.section(key)
    actions.save_section(section=section, body=body, revision=section.revision, by=world[who])


# ---------- what it shows


def test_the_order_of_the_room(world: World, package: Submission) -> None:
    text = room(world, "authority")
    heads = re.findall(r"<h2[^>]*>(\d)\. ([^<]*)</h2>", text)
    assert heads == [
        ("1", "Dissents"), ("2", "What changed since the last approval"), ("3", "The package"),
        ("4", "Positions of the Supervisory Board"), ("5", "Decision"),
    ]  # fmt: skip
    grouped = " ".join(re.findall(".{8}", package.package_hash))
    assert f"sha256 {grouped}" in text


def test_an_empty_room_says_what_to_do(world: World) -> None:
    text = room(world, "lead")
    assert "Nothing is before the board" in text
    assert f'href="{STEP}"' in text


def test_dissents_red_flags_first_withdrawn_last(world: World) -> None:
    world.approve()
    first = Submission.objects.get()

    def enter(words: str, **more: Any) -> Dissent:
        return actions.enter_dissent(effort=world.effort, words=words, by=world["board"], **more)

    enter("Of the first package alone.", submission=first)
    flag = enter("Past the lead.", red_flag=True)
    enter("On the guidance.", product=world.product())
    gone = enter("Taken back.")
    enter("Of the policy, later.", product=world.product("tab-04"))
    actions.withdraw_dissent(dissent=gone, by=world["board"])
    world.ready(2)
    world.submit(2)
    shown = part(room(world, "authority", step="/efforts/country-x/steps/2/"), "dis")
    words = re.findall(r'class="words"><p>([^<]*)</p>', shown)
    assert words == ["Past the lead.", "On the guidance.", "Taken back."]
    assert "2 stand against this package" in shown
    assert f"{flag}" in shown
    assert shown.count("Red flag") == 1
    assert shown.count("Withdrawn by its author") == 1


def test_what_changed_is_measured_from_the_last_approval(world: World) -> None:
    world.approve()
    actions.reopen_step(step=world.step(), reason="New guidance.", by=world["authority"])
    save(world, "purpose", "<p>Between.</p>")
    world.decide(world.submit(), Outcome.RETURN, guidance="Say more.")
    save(world, "ipt", "<p>The whole interagency.</p>", "lead")
    world.submit()
    text = part(room(world, "authority"), "diff")
    assert "Against what was approved" in text
    assert "Between." in text  # against submission 2, which was returned, it would be the same
    assert "interagency" in text
    heads = re.findall(r'<div class="difference-item"><p class="label">(.*?)</p>', text, re.S)
    assert len(heads) == 2
    assert world["member"].post in heads[0]
    assert world["lead"].post in heads[1]
    assert "<time" in heads[0]
    assert "compare/?from=1&amp;to=3" in text


def test_a_first_package_says_so(world: World, package: Submission) -> None:
    text = part(room(world), "diff")
    assert "Nothing in it was approved before" in text
    assert "Before the board for the first time: Tab 1." in text


def test_what_the_gate_checked(world: World) -> None:
    world.write()
    for key in BOARD:
        row = world.effort.memberships.get(user=world[key], role=Role.BOARD)
        actions.remove_member(membership=row, by=world["lead"])
    submission = world.submit()
    text = part(room(world, "authority"), "pack")
    passed = submission.checks["passed"]
    assert f"What the gate checked: {passed} passed, 1 warning</p>" in text
    assert f"Warning: {submission.checks['warnings'][0]}" in text
    assert "Nobody sits on the board" in room(world, "authority")


def test_every_seat_with_its_position(world: World, package: Submission) -> None:
    delegate(world, "board-af", "usaid", Role.BOARD)
    actions.recuse(step=world.step(), role=Role.BOARD, why="My own program.", by=world["board-io"])
    world.vote(package, "board")
    actions.cast_vote(
        step=world.step(), position=Position.NONCONCUR, package_hash=package.package_hash,
        reason="Too early.", by=world["usaid"],
    )  # fmt: skip
    text = part(room(world, "lead"), "votes")
    rows = {key: next(r for r in text.split("<tr ") if f">{world[key].post}" in r) for key in BOARD}
    assert "Concur" in rows["board"]
    assert f"by {world['usaid'].post}, in their place" in rows["board-af"]
    assert "Too early." in rows["board-af"]
    assert "Recused" in rows["board-io"]
    assert "My own program." in rows["board-io"]
    assert "Remind" not in rows["board-io"]
    assert "No vote yet" in rows["board-osd"]
    assert "Remind" in rows["board-osd"]
    assert "1 concurs, 1 nonconcurs, 2 out, 1 recused" in text


def test_a_vote_before_the_recusal_does_not_count(world: World, package: Submission) -> None:
    world.vote(package, "board-io")
    actions.recuse(step=world.step(), role=Role.BOARD, why="Kin.", by=world["board-io"])
    text = part(room(world, "lead"), "votes")
    assert "does not count" in text
    assert "4 out, 1 recused" in text


def test_way_quorum_and_silence_are_said(world: World) -> None:
    world.write()
    settle(world, Way.SILENCE, quorum=3)
    submission = world.submit()
    text = part(room(world, "lead"), "votes")
    assert f"{Way.SILENCE.label}, quorum 3: {Way.SILENCE.rule}" in text
    assert submission.silence_until is not None
    assert f"{submission.silence_until:%H:%MZ}" in text


def test_the_mandate_line(world: World, package: Submission) -> None:
    assert "You act as Approving Authority for Step 1." in room(world, "authority")
    delegate(world, "authority", "alternate", Role.AUTHORITY)
    assert f"on behalf of {world['authority'].post}" in room(world, "alternate")
    actions.withdraw_submission(step=world.step(), by=world["lead"])
    actions.raise_step(
        step=world.step(), user=world["dc"], by=world["lead"],
        organization=Organization.objects.get(name="Deputies Committee"),
    )  # fmt: skip
    world.submit()
    assert "for Step 1, Deputies Committee." in room(world, "dc")
    for passed_over in ("authority", "alternate"):
        text = room(world, passed_over)
        assert "Record the decision" not in text
        assert f"It is decided by {world['dc'].post} (Deputies Committee)" in text


def test_the_box_names_dissents_and_hash(world: World, package: Submission) -> None:
    assert "against which no dissent stands" in room(world, "authority")
    for words in ("No.", "Nor this."):
        actions.enter_dissent(effort=world.effort, words=words, by=world["board"])
    label = part(room(world, "authority"), "dec")
    assert "I have read the 2 dissents and decide on package" in label
    assert package.short_hash in label
    assert not re.search(r'name="outcome"[^>]*checked', label)
    assert not re.search(r'name="read"[^>]*checked', label)


def test_an_earlier_submission_can_be_read(world: World, package: Submission) -> None:
    world.decide(package, Outcome.RETURN, guidance="Name the units.")
    world.submit(ask="Approve it now.")
    text = room(world, "authority")
    assert "<h1>Approve it now.</h1>" in text
    assert 'href="?submission=1"' in text
    earlier = room(world, "authority", "?submission=1")
    assert "<h1>Approve the guidance.</h1>" in earlier
    assert "Returned with guidance" in earlier
    for form in ("Record the decision", "Cast my vote", ">Remind"):
        assert form not in earlier
    assert ">Remind" not in room(world, "lead", "?submission=1")
    assert "<h1>Approve it now.</h1>" in room(world, "authority", "?submission=7")


def test_after_the_decision(world: World, package: Submission) -> None:
    world.vote(package, "board")
    answer = decide(
        world, outcome="approve_conditions", conditions="Tell the Embassy.\nName the units.",
        guidance="Bring the UN in.",
    )  # fmt: skip
    assert answer["Location"] == ROOM
    rows = list(DueOut.objects.order_by("number"))
    text = part(room(world, "member"), "dec")
    assert [r.origin for r in rows] == [Origin.CONDITION, Origin.CONDITION, Origin.GUIDANCE]
    for row in rows:
        assert f'href="/efforts/country-x/due-outs/#do-{row.number}">DO-{row.number}</a>' in text
        assert row.text in text
    memo = Rendition.objects.get(kind="decision")
    assert f'id="rendition-{memo.pk}"' in text
    assert "waiting for the worker" in text
    do_jobs()
    assert f'href="/renditions/{memo.pk}/file/"' in part(room(world, "member"), "dec")
    assert world["authority"].post in text


def test_the_record_of_seats_outlives_the_board(world: World, package: Submission) -> None:
    world.vote(package, "board")
    decide(world)
    for key in BOARD:
        row = world.effort.memberships.get(user=world[key], role=Role.BOARD)
        actions.remove_member(membership=row, by=world["lead"])
    text = part(room(world, "lead"), "votes")
    assert all(world[key].post in text for key in BOARD)
    assert "1 concurs, 4 out" in text


def test_votes_of_a_decision_without_recorded_seats_are_shown(
    world: World, package: Submission
) -> None:
    """Decisions of earlier releases did not keep the board as it stood."""
    world.vote(package, "board", "nonconcur")
    decide(world)
    Decision.objects.update(seats=[])
    text = part(room(world, "lead"), "votes")
    assert "A reason." in text
    assert "Nonconcur" in text


# ---------- vote


def test_vote_and_change_it(world: World, package: Submission) -> None:
    answer = post(world, "board", "vote", position="concur")
    assert answer["Location"] == ROOM
    assert "Change my vote" in room(world)
    post(world, "board", "vote", position="nonconcur", reason="Too early.")
    vote = Vote.objects.get()
    assert (vote.position, vote.cast_by) == ("nonconcur", None)


def test_a_substitute_votes_for_the_seat_they_choose(world: World, package: Submission) -> None:
    for holder in ("board-af", "board-io"):
        delegate(world, holder, "usaid", Role.BOARD)
    text = room(world, "usaid")
    for holder in ("board-af", "board-io"):
        assert f'name="seat" value="{world[holder].pk}"' in text
    post(world, "usaid", "vote", position="concur", seat=world["board-io"].pk)
    vote = Vote.objects.get()
    assert (vote.user, vote.cast_by) == (world["board-io"], world["usaid"])


def test_a_refused_vote_comes_back_in_its_own_form(world: World, package: Submission) -> None:
    delegate(world, "board-af", "board", Role.BOARD)
    world.vote(package, "board", "concur_comment")
    answer = post(
        world, "board", "vote", position="nonconcur", reason="  ", seat=world["board-af"].pk
    )
    assert answer.status_code == 400
    own, other = re.findall(r'aria-label="Vote for the seat of.*?</form>', answer.content.decode(),
                            re.S)  # fmt: skip
    assert "error-summary" not in own
    assert "A reason." in own
    assert "error-summary" in other
    assert re.search(r'value="nonconcur" checked', other)
    assert 'aria-invalid="true"' in other
    assert not Vote.objects.filter(user=world["board-af"]).exists()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"position": "", "reason": "My words."}, 400),
        ({"position": "perhaps", "reason": "My words."}, 400),
        ({"position": "concur", "reason": "My words.", "package_hash": "0" * 64}, 409),
    ],
)
def test_a_refused_vote_keeps_the_words(
    world: World, package: Submission, form: dict[str, str], status: int
) -> None:
    answer = post(world, "board", "vote", **form)
    assert answer.status_code == status
    text = answer.content.decode()
    assert "My words.</textarea>" in text
    assert "data-focus" in text
    assert not Vote.objects.exists()


@pytest.mark.parametrize(
    ("who", "seat", "status"),
    [
        ("alternate", None, 403),  # stands in for nobody
        ("board", "board-io", 403),  # another's seat
        ("lead", None, 403),
        ("authority", None, 403),
        ("outsider", None, 404),
    ],
)
def test_nobody_votes_without_a_seat(
    world: World, package: Submission, who: str, seat: str | None, status: int
) -> None:
    form = {"seat": world[seat].pk} if seat else {}
    answer = post(world, who, "vote", position="concur", **form)
    assert answer.status_code == status
    assert not Vote.objects.exists()
    if status == 403:
        assert "My vote" not in room(world, who) or who == "board"


@pytest.mark.parametrize("seat", ["999999", "x", "-1"])
def test_a_seat_that_is_none_answers_404(world: World, package: Submission, seat: str) -> None:
    assert post(world, "board", "vote", position="concur", seat=seat).status_code == 404


def test_no_vote_after_the_silence_has_ended(world: World) -> None:
    world.write()
    settle(world, Way.SILENCE)
    submission = world.submit()
    assert "Cast my vote" in room(world)
    Submission.objects.filter(pk=submission.pk).update(silence_until=timezone.now())
    assert "Cast my vote" not in room(world)
    answer = post(world, "board", "vote", position="nonconcur", reason="Wait for the AU.")
    assert answer.status_code == 409
    assert "Wait for the AU." in answer.content.decode()
    assert not Vote.objects.exists()


def test_recuse_from_the_room(world: World, package: Submission) -> None:
    assert "Recuse myself from my seat on the board" in room(world)
    assert "Recuse myself from the decision" in room(world, "authority")
    assert "Recuse myself" not in room(world, "lead")
    world.client("board").post(f"{STEP}recuse/", {"role": "board", "why": "Kin."})
    text = room(world)
    assert "Recuse myself" not in text
    assert "Cast my vote" not in text


# ---------- decide


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"outcome": ""}, 400, "Choose a decision."),
        ({"outcome": "maybe"}, 400, "Choose a decision."),
        ({"read": ""}, 400, "Tick that you decide"),
        ({"outcome": "return", "guidance": ""}, 400, "Say why you return"),
        ({"outcome": "approve_conditions", "conditions": " "}, 400, "Name the conditions"),
        ({"package_hash": "0" * 64}, 409, "You read package 00000000"),
    ],
)
def test_a_refused_decision_keeps_the_words(
    world: World, package: Submission, form: dict[str, str], status: int, says: str
) -> None:
    typed = {"conditions": "My condition.", "guidance": "My guidance."}
    answer = decide(world, **(typed | form))
    text = answer.content.decode()
    assert answer.status_code == status
    assert says in text
    assert "data-focus" in text
    for name, words in typed.items():
        if name not in form:
            assert f"{words}</textarea>" in text
    assert not Decision.objects.exists()


def test_a_draft_that_moved_on_keeps_the_words(world: World, package: Submission) -> None:
    save(world, "ipt", "<p>Others plan.</p>")
    answer = decide(world, guidance="Mind the allies.")
    assert answer.status_code == 409
    assert "Tab 1, “IPT”" in answer.content.decode()
    assert "Mind the allies.</textarea>" in answer.content.decode()


def test_what_the_board_has_not_carried_is_said_and_keeps_the_words(world: World) -> None:
    world.write()
    settle(world, Way.MAJORITY)
    submission = world.submit()
    lacks = "A majority is 3 of 5 seats; 0 concur."
    shown = room(world, "authority")
    assert "Not carried yet." in shown
    assert lacks in shown
    answer = decide(world, guidance="Mind the allies.")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Mind the allies.</textarea>" in text
    assert re.search(r'value="approve" checked', text)
    assert not Decision.objects.exists()
    for key in BOARD[:3]:
        world.vote(submission, key)
    assert "Not carried yet." not in room(world, "authority")
    assert decide(world).status_code == 302


def test_a_gate_that_closed_below_keeps_the_words(world: World) -> None:
    world.approve()
    world.ready(2)
    world.submit(2)
    actions.reopen_step(step=world.step(), reason="It changed.", by=world["authority"])
    package = Submission.objects.get(status="pending").package_hash
    answer = world.client("authority").post(
        "/efforts/country-x/steps/2/decide/",
        {"outcome": "approve", "read": "yes", "guidance": "Mind it.", "package_hash": package},
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Step 1, Problem Identification and Initial Guidance, is not approved." in text
    assert "Mind it.</textarea>" in text


def test_a_decision_that_came_second_keeps_the_words(world: World, package: Submission) -> None:
    read = package.package_hash
    decide(world)
    answer = world.client("authority").post(
        f"{STEP}decide/",
        {"outcome": "return", "read": "yes", "guidance": "Not yet.", "package_hash": read},
    )
    assert answer.status_code == 409
    assert "Not yet." in answer.content.decode()
    assert Decision.objects.get().outcome == Outcome.APPROVE


@pytest.mark.parametrize(
    ("who", "status"),
    [("alternate", 403), ("lead", 403), ("board", 403), ("member", 403), ("outsider", 404)],
)
def test_nobody_decides_without_a_mandate(
    world: World, package: Submission, who: str, status: int
) -> None:
    answer = decide(world, who)
    assert answer.status_code == status
    assert not Decision.objects.exists()
    if status == 403:
        assert "Record the decision" not in room(world, who)


def test_an_authority_of_another_step_holds_no_mandate(world: World, package: Submission) -> None:
    actions.raise_step(
        step=world.step(2), user=world["dc"], by=world["lead"],
        organization=Organization.objects.get(name="Deputies Committee"),
    )  # fmt: skip
    assert "Record the decision" not in room(world, "dc")
    answer = decide(world, "dc")
    assert answer.status_code == 403
    assert f"Step 1 is decided by {world['authority'].post}" in answer.content.decode()
    assert not Decision.objects.exists()


def test_nobody_votes_on_or_decides_what_they_submitted(world: World) -> None:
    for role in (Role.AUTHORITY, Role.BOARD):
        actions.add_member(effort=world.effort, user=world["lead"], role=role, by=world["lead"])
    world.write()
    world.submit()
    text = room(world, "lead")
    assert "You submitted this package, so somebody else decides it." in text
    assert "Record the decision" not in text
    assert "My vote" not in text
    assert decide(world, "lead").status_code == 403
    assert post(world, "lead", "vote", position="concur").status_code == 403


def test_a_recused_authority_is_refused_and_their_delegate_is_not(
    world: World, package: Submission
) -> None:
    actions.recuse(step=world.step(), role=Role.AUTHORITY, why="Kin.", by=world["authority"])
    answer = decide(world)
    assert answer.status_code == 403
    assert "You are recused from Step 1." in answer.content.decode()
    delegate(world, "authority", "alternate", Role.AUTHORITY)
    assert decide(world, "alternate").status_code == 302
    assert Decision.objects.get().on_behalf_of == world["authority"]


def test_buttons_and_server_agree(
    world: World, package: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees a form may send it; whoever does not is refused."""
    monkeypatch.setattr(govern, "REMIND_AGAIN", timedelta(0))
    delegate(world, "board-af", "usaid", Role.BOARD)
    actions.recuse(step=world.step(), role=Role.BOARD, why="Kin.", by=world["board-io"])
    for who in (*BOARD, "usaid", "lead", "member", "alternate", "authority"):
        text = room(world, who)
        seat = {"seat": world["board-af"].pk} if who == "usaid" else {}
        votes = post(world, who, "vote", position="concur", **seat).status_code
        assert ("My vote" in text) == (votes == 302), who
        reminds = "step-remind" in text or "/remind/" in text
        assert reminds == (post(world, who, "remind").status_code == 302), who
    for who in ("lead", "member", "board", "alternate", "authority"):
        form = "Record the decision" in room(world, who)
        assert form == (decide(world, who).status_code == 302), who


# ---------- remind, verbal, withdraw


def mails() -> list[str]:
    """Whom the waiting mails remind, by key."""
    keys = Job.objects.filter(name="planning.mail", key__startswith="remind:")
    return sorted(key.rsplit(":", 1)[1] for key in keys.values_list("key", flat=True))


def test_remind_one_seat_and_all(world: World, package: Submission) -> None:
    world.vote(package, "board")
    assert "Remind all 4" in room(world, "lead")
    answer = post(world, "lead", "remind", seat=world["board-io"].pk)
    assert answer["Location"] == ROOM
    assert mails() == [str(world["board-io"].pk)]
    again = post(world, "lead", "remind", seat=world["board-io"].pk)
    assert again.status_code == 409  # asked a moment ago
    post(world, "authority", "remind")
    assert len(mails()) == 4  # the others alone
    assert post(world, "lead", "remind").status_code == 409
    assert "Remind" not in part(room(world, "board"), "votes")


@pytest.mark.parametrize("seat", ["999999", "x"])
def test_remind_a_seat_that_is_none(world: World, package: Submission, seat: str) -> None:
    assert post(world, "lead", "remind", seat=seat).status_code == 400
    assert not mails()


def said(world: World, **form: Any) -> Any:
    """Record a verbal approval as the lead."""
    now = timezone.now()
    return post(
        world, "lead", "verbal",
        **({"said_by": world["authority"].pk, "said_at": f"{now:%Y-%m-%dT%H:%M}",
            "words": "Go ahead, by telephone."} | form),
    )  # fmt: skip


def test_a_verbal_approval(world: World, package: Submission) -> None:
    assert "Record a verbal approval" in room(world, "lead")
    assert "Record a verbal approval" not in room(world, "authority")
    answer = said(world)
    assert answer["Location"] == ROOM
    due = DueOut.objects.get(origin=Origin.VERBAL)
    assert world.step(2).status == StepStatus.OPEN
    text = room(world, "lead")
    assert "Approved by word." in text
    assert "Go ahead, by telephone." in text
    assert f"/due-outs/#do-{due.number}" in text
    assert "Record a verbal approval" not in text
    assert "Withdraw the submission" not in text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"words": ""}, "Write down what was said"),
        ({"said_at": ""}, "Say when it was said"),
        ({"said_at": "yesterday"}, "Give a date and a time, in Zulu."),
        ({"said_at": "2020-01-01T10:00"}, "after the package was frozen"),
        ({"said_by": ""}, "Choose somebody of the team."),
    ],
)
def test_a_refused_verbal_approval_keeps_the_words(
    world: World, package: Submission, form: dict[str, str], says: str
) -> None:
    answer = said(world, **form)
    assert answer.status_code == 400
    text = answer.content.decode()
    assert says in text
    assert re.search(r'<details class="second-step" open><summary>Record a verbal', text)
    if "words" not in form:
        assert "Go ahead, by telephone.</textarea>" in text
    assert not DueOut.objects.exists()


def test_only_who_may_decide_can_have_said_it(world: World, package: Submission) -> None:
    assert said(world, said_by=world["board"].pk).status_code == 400
    assert post(world, "authority", "verbal").status_code == 403
    assert not DueOut.objects.exists()


def test_withdraw_from_the_room(world: World, package: Submission) -> None:
    assert f'action="{STEP}withdraw/"' in room(world, "lead")
    assert f'action="{STEP}withdraw/"' not in room(world, "board")
    post(world, "lead", "withdraw")
    assert "withdrew this submission" in room(world, "lead")
    assert ">Remind" not in room(world, "lead")


# ---------- cost


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("decided", [False, True])
def test_queries(world: World, many: bool, decided: bool) -> None:
    """The room in its second cycle, with one of each or with many."""
    world.approve()
    actions.reopen_step(step=world.step(), reason="It changed.", by=world["authority"])
    for number, key in enumerate(("purpose", "ipt", "lead-agency")[: 3 if many else 1]):
        save(world, key, f"<p>New {number}.</p>")
    submission = world.submit()
    for key in BOARD[: 5 if many else 1]:
        world.vote(submission, key)
    for number in range(12 if many else 1):
        row = actions.enter_dissent(effort=world.effort, words=f"No {number}.", by=world["board"])
        actions.cosign_dissent(dissent=row, by=world["member"])
    delegate(world, "board-af", "usaid", Role.BOARD)
    if decided:
        lines = "\n".join(f"Line {n}." for n in range(8 if many else 1))
        world.decide(submission, Outcome.APPROVE_CONDITIONS, conditions=lines, guidance=lines)
    client = world.client("authority")
    client.get(ROOM)
    assert queries(lambda: client.get(ROOM)) == (12 if decided else 14)
