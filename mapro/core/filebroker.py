"""The embedded deployment's broker: messages as files below ``MAPRO_VAR``.

Kombu's own file transport writes a message in place, so that a reader, or a full disk, can leave
an empty file behind, and an empty file stops its worker for good. Here a message appears whole or
not at all, and one that cannot be read is put aside. The same goes for the tables that say which
queues an exchange feeds: web and worker bind at the same moment when both start.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Writes by rename; sets unreadable messages aside."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self.data_folder_in, self.data_folder_out, self.control_folder):
            Path(folder).mkdir(parents=True, exist_ok=True)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        self._write(Path(self.data_folder_out, name), dumps(payload))

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        """The queues that ``exchange`` feeds; none when its table is missing or unreadable."""
        try:
            rows = loads(self._exchange_file(exchange).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        wanted = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        file = self._exchange_file(exchange)
        with self._locked():
            rows = self.get_table(exchange)
            if wanted not in rows:
                self._write(file, dumps([wanted, *rows]))

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any
    ) -> None:
        self._purge(queue)
        gone = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        file = self._exchange_file(exchange)
        with self._locked():
            rows = self.get_table(exchange)
            if gone in rows:
                self._write(file, dumps([row for row in rows if row != gone]))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time changes the tables; the lock ends with its holder."""
        with Path(self.control_folder, ".lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _write(file: Path, content: str) -> None:
        """Put a whole file in place at once."""
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(content)
            os.replace(temporary, file)
        except BaseException:  # such as a full disk
            Path(temporary).unlink(missing_ok=True)
            raise

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """The oldest message of ``queue``. Raises Empty when there is none."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".taken-{name}"
            try:
                os.rename(folder / name, taken)  # one reader wins
            except FileNotFoundError:
                continue
            try:
                found: dict[str, Any] = loads(taken.read_text(encoding="utf-8"))
            except ValueError:
                os.replace(taken, folder / f"{name}.unreadable")
                continue
            taken.unlink()
            return found
        raise Empty


class Transport(filesystem.Transport):
    """``mapro.core.filebroker:Transport://`` as the broker's address."""

    Channel = Channel
