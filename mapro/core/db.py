"""One way to open a transaction."""

from __future__ import annotations

from contextlib import ContextDecorator
from types import TracebackType
from typing import Any

from django.db import connection, transaction


class atomic(ContextDecorator):  # noqa: N801 - used as Django's own
    """Joins the transaction that is open, without a savepoint: an act stands or falls as a whole.

    A savepoint costs two queries per level. The transaction that a test case wraps around a test
    does not count as open, so that a refused act does not spoil the test.
    """

    def _recreate_cm(self) -> atomic:
        return type(self)()  # each call of a decorated function has its own

    def __enter__(self) -> None:
        inside = any(
            not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks
        )
        self._inner = transaction.atomic(savepoint=not inside)
        self._inner.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        return self._inner.__exit__(kind, error, trace)
