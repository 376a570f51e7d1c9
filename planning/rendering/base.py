"""What every renderer gives back, and how it refuses."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

MAX_SECONDS = 240.0


class RenderError(Exception):
    """A document that cannot be rendered, with a sentence that the user reads."""


@dataclass(frozen=True)
class RenderedFile:
    """A file: its media type, its bytes and its pages (slides, sheets).

    ``pages`` is 0 where only the program that opens the file can tell.
    """

    media_type: str
    content: bytes
    pages: int


@contextmanager
def bounded(seconds: float = MAX_SECONDS) -> Iterator[None]:
    """Raise RenderError when what is inside takes longer than ``seconds``, or all the memory.

    The clock can only ring in a process's main thread, which is where workers render.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        raise RenderError(
            f"Making this file took longer than {seconds:.0f} seconds and was stopped. "
            "Shorten its longest tables, or part it into two products."
        )

    clock = threading.current_thread() is threading.main_thread()
    if clock:
        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except (RecursionError, MemoryError) as error:
        raise RenderError(
            "The text is nested too deeply or too large to set. Simplify its tables and lists."
        ) from error
    finally:
        if clock:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
