"""Mail that something waits: the work of the job ``planning.mail``.

A mail names no effort and no subject, because it leaves the deployment: it says that My work has
something, and whoever reads it signs in. Who gets one is worked out when it is sent, so that a
right that was taken back meanwhile is respected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.mail import send_mail

from mapro.core.models import User
from planning import mandates
from planning.models import Dissent, Submission
from planning.policies import granted
from planning.vocabulary import Perm, SubmissionStatus

SUBJECT = "MAPRO: something waits for you"
FOOT = "\n\nSign in to MAPRO; My work shows it. This mail says no more on purpose."


def send(key: str) -> None:
    """Send the mail named by ``key``: its kind, what it is about, and whom alone, if anybody."""
    kind, pk, *only = key.split(":")
    words, who = _KINDS[kind]
    for user in who(int(pk)):
        if only and str(user.pk) not in only:
            continue
        if user.is_active and user.email:
            send_mail(SUBJECT, words + FOOT, None, [user.email])


def _pending(pk: int) -> Submission | None:
    found = (
        Submission.objects.filter(pk=pk, status=SubmissionStatus.PENDING)
        .select_related("step__effort", "submitted_by")
        .first()
    )
    return found


def _seats_out(pk: int) -> Iterable[User]:
    """Who may vote for a seat that is out, and may still see the effort."""
    found = _pending(pk)
    if found is None:
        return []
    seats = mandates.waiting(mandates.bench_for(found), found.votes.all())
    return _allowed(found, Perm.STEP_VOTE, [u for s in seats for u in s.voters])


def _deciders(pk: int) -> Iterable[User]:
    found = _pending(pk)
    if found is None:
        return []
    users = [d.user for d in mandates.bench_for(found).deciders]
    return _allowed(found, Perm.STEP_DECIDE, users)


def _submitter(pk: int) -> Iterable[User]:
    found = Submission.objects.select_related("step__effort", "submitted_by").get(pk=pk)
    return _allowed(found, Perm.STEP_VIEW, [found.submitted_by])


def _allowed(found: Submission, perm: Perm, users: Iterable[User]) -> list[User]:
    once = {user.pk: user for user in users}.values()
    return [user for user in once if _may(found, perm, user)]


def _may(found: Submission, perm: Perm, user: User) -> bool:
    found.step.effort.__dict__.pop("_standing", None)  # what was read was another person's
    return perm in granted(user, found.step.effort)


def _flagged(pk: int) -> Iterable[User]:
    """Every authority of the effort: a red flag passes the lead by."""
    row = Dissent.objects.select_related("effort").get(pk=pk)
    members = row.effort.memberships.filter(role="authority").select_related("user")
    return list({m.user_id: m.user for m in members}.values())


_KINDS: dict[str, tuple[str, Callable[[int], Iterable[User]]]] = {
    "vote": ("A package is before your board.", _seats_out),
    "remind": ("Your vote is still out.", _seats_out),
    "due": ("A package waits for your decision, and its date is near or past.", _deciders),
    "confirm": ("What you approved by word waits to be confirmed in writing.", _deciders),
    "decided": ("A package that you submitted was decided.", _submitter),
    "red_flag": ("Somebody raised a red flag to you directly.", _flagged),
}
