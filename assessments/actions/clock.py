"""What time alone does to the watch: thresholds are checked once a day."""

from __future__ import annotations

from django.utils import timezone

from assessments.actions.threshold import check_thresholds
from mapro.core.db import atomic
from mapro.core.models import Heartbeat

CHECKED = "watch-thresholds"  # whose sign of life says when they were checked last


def tick() -> bool:
    """Check the thresholds if nobody did today; whether it did. One query on every other call.

    Of several processes one does it; if it fails, the next tick tries again.
    """
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if Heartbeat.objects.filter(name=CHECKED, at__gte=today).exists():
        return False
    with atomic():
        now = timezone.now()
        Heartbeat.objects.bulk_create(
            [Heartbeat(name=CHECKED, at=today.replace(year=today.year - 1, day=1))],
            ignore_conflicts=True,
        )
        if not Heartbeat.objects.filter(name=CHECKED, at__lt=today).update(at=now):
            return False
        check_thresholds()
    return True
