"""The audit trail: ``record()`` writes one link, ``verify()`` proves the chain.

One stream per effort and one for the site. Each event's hash covers the hash before it, so a
changed, removed or inserted event breaks the chain at that place; the head row keeps the length.
On PostgreSQL a trigger also refuses UPDATE and DELETE.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, models
from django.utils import timezone

from mapro.core.models import AuditEvent, AuditHead, User

SITE = "site"


@dataclass(frozen=True)
class Broken:
    """A place where the chain does not hold, in words."""

    stream: str
    seq: int
    reason: str


def stream_of(effort_id: int | None) -> str:
    """The stream of an effort, or the site's."""
    return SITE if effort_id is None else f"effort:{effort_id}"


def _digest(event: AuditEvent) -> str:
    fields = {
        "stream": event.stream, "seq": event.seq, "at": event.at.isoformat(), "code": event.code,
        "actor_id": event.actor_id, "actor": event.actor, "subject": event.subject,
        "label": event.label, "old": event.old, "new": event.new, "detail": event.detail,
    }  # fmt: skip
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{event.prev_hash}{body}".encode()).hexdigest()


def _held(stream: str) -> AuditHead:
    """The head of a stream, locked until the transaction ends."""
    head = AuditHead.objects.select_for_update(no_key=True).filter(stream=stream).first()
    if head is None:
        # Two first writers of a stream: the loser of the insert waits and reads the winner's row.
        AuditHead.objects.bulk_create([AuditHead(stream=stream)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update(no_key=True).get(stream=stream)
    return head


def hold(effort_id: int) -> None:
    """Put the acts of an effort in line from here on, as ``record`` does from its call on."""
    _held(stream_of(effort_id))


def record(
    code: str,
    *,
    by: User | None,
    on: models.Model,
    effort_id: int | None = None,
    label: str = "",
    old: Any = None,
    new: Any = None,
    **detail: Any,
) -> AuditEvent:
    """Write one audit event inside the caller's transaction.

    ``code`` is dotted (``step.submitted``); ``by`` is None only for the system itself; ``on`` is
    the subject; ``old`` and ``new`` and ``detail`` must be JSON. Raises RuntimeError outside a
    transaction, because an act and its record stand or fall together.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"record({code!r}) was called outside a transaction.")
    stream = stream_of(effort_id)
    head = _held(stream)
    kind = on._meta.model_name  # noqa: SLF001 - Django documents Model._meta
    event = AuditEvent(
        stream=stream, seq=head.seq + 1, at=timezone.now(), code=code,
        actor_id=by.pk if by else None, actor=by.post if by else "MAPRO",
        subject=f"{kind}:{on.pk}", label=label[:200], old=old, new=new,
        detail=detail, prev_hash=head.hash,
    )  # fmt: skip
    event.hash = _digest(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(stream=stream).update(seq=event.seq, hash=event.hash)
    return event


def verify(stream: str | None = None) -> Iterator[Broken]:
    """Walk the chain of one stream, or of all, and yield every place where it does not hold."""
    heads = {h.stream: h for h in AuditHead.objects.all()}
    wanted = {stream} if stream else set(heads) | set(
        AuditEvent.objects.order_by().values_list("stream", flat=True).distinct()
    )  # fmt: skip
    for name in sorted(wanted):
        seq, last = 0, ""
        for event in AuditEvent.objects.filter(stream=name).order_by("seq").iterator():
            seq += 1
            if event.seq != seq:
                yield Broken(name, seq, f"event {seq} is missing; {event.seq} follows")
                seq = event.seq
            elif event.prev_hash != last:
                yield Broken(name, seq, "does not continue the event before it")
            if event.hash != _digest(event):
                yield Broken(name, seq, "was changed after it was recorded")
            last = event.hash
        head = heads.get(name)
        if head is None:
            yield Broken(name, seq, "the stream has no head")
        elif (head.seq, head.hash) != (seq, last):
            yield Broken(name, seq, f"the head says {head.seq} events, {seq} are there")
