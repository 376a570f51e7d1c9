"""What every renderer gives back, and how it refuses."""

from __future__ import annotations

import signal
import threading
import time
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
            f"Making this file took longer than {seconds:g} seconds and was stopped. "
            "Shorten its longest tables, or part it into two products."
        )

    # A clock around this one that rings sooner stays as it is.
    left = signal.getitimer(signal.ITIMER_REAL)[0]
    main = threading.current_thread() is threading.main_thread()
    clock = main and not 0 < left <= seconds
    if clock:
        begun = time.monotonic()
        before = signal.signal(signal.SIGALRM, ring)
        # It rings again each second: a library may swallow what is raised in the midst of it.
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
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
            if left:
                rest = max(left - (time.monotonic() - begun), 0.001)
                signal.setitimer(signal.ITIMER_REAL, rest, 1.0)
