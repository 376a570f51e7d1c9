"""The embedded broker: no half message, no half table, each message to one reader."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Consumer, Exchange, Producer, Queue

from mapro.core import filebroker

QUEUE = Queue("work", Exchange("work", type="direct"), routing_key="work")


def connect(folder: Path) -> Connection:
    """A connection of its own, as every process has."""
    messages = str(folder / "messages")
    return Connection(
        transport=filebroker.Transport,
        transport_options={
            "data_folder_in": messages,
            "data_folder_out": messages,
            "control_folder": str(folder / "control"),
        },
    )


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Connection]:
    """An open connection, which knows nothing of the folder of the test before."""
    filebroker.Transport.global_state.clear()
    with connect(tmp_path) as found:
        yield found


def publish(link: Connection, *bodies: object) -> None:
    """Put messages on the queue."""
    producer = Producer(link, serializer="json")
    for body in bodies:
        producer.publish(
            body, exchange=QUEUE.exchange, routing_key="work", declare=[QUEUE], expiration=60
        )


def taken(link: Connection) -> list[Any]:
    """Every message that waits, acknowledged."""
    found: list[Any] = []
    bound = QUEUE(link.default_channel)
    while message := bound.get():
        found.append(message.payload)
        message.ack()
    return found


def files(folder: Path) -> list[str]:
    """The names in the message folder."""
    return sorted(os.listdir(folder / "messages"))


def test_messages_come_in_order_once_and_leave_nothing(link: Connection, tmp_path: Path) -> None:
    publish(link, *range(30))
    assert taken(link) == list(range(30))
    assert taken(link) == []
    assert files(tmp_path) == []


def test_an_empty_or_broken_file_is_put_aside_and_stops_nobody(
    link: Connection, tmp_path: Path
) -> None:
    publish(link, "first")
    folder = tmp_path / "messages"
    (folder / "00000000000000000000_a.work.msg").touch()
    (folder / "00000000000000000001_b.work.msg").write_text('{"body": "half')
    assert taken(link) == ["first"]
    assert files(tmp_path) == [
        "00000000000000000000_a.work.msg.unreadable",
        "00000000000000000001_b.work.msg.unreadable",
    ]


def test_a_message_that_cannot_be_written_leaves_no_file(
    link: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(link, "declared")
    taken(link)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filebroker.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        publish(link, "lost")
    assert files(tmp_path) == []


def test_a_queue_whose_name_ends_alike_is_another_queue(link: Connection) -> None:
    other = Queue("other.work", Exchange("other"), routing_key="other")
    Producer(link).publish("theirs", exchange=other.exchange, routing_key="other", declare=[other])
    assert taken(link) == []


def test_an_unreadable_table_is_made_anew(link: Connection, tmp_path: Path) -> None:
    publish(link, "one")
    table = tmp_path / "control" / "work.exchange"
    table.write_text("")
    channel = link.channel()
    assert channel.get_table("work") == []
    channel._queue_bind("work", "work", "", "work")
    assert [row.queue for row in channel.get_table("work")] == ["work"]


def test_a_deleted_queue_leaves_the_table_and_takes_its_messages(
    link: Connection, tmp_path: Path
) -> None:
    publish(link, "one")
    channel = link.default_channel
    channel.queue_delete("work")
    assert channel.get_table("work") == []
    assert files(tmp_path) == []


def test_a_fanout_reaches_every_queue(link: Connection) -> None:
    everybody = Exchange("all", type="fanout")
    seen: list[str] = []
    queues = [Queue(name, everybody)(link.default_channel) for name in ("a", "b")]
    for queue in queues:
        queue.declare()
    Producer(link).publish("hear", exchange=everybody)
    with Consumer(link, queues, callbacks=[lambda body, message: seen.append(body)], no_ack=True):
        link.drain_events(timeout=5)
        link.drain_events(timeout=5)
    assert seen == ["hear", "hear"]


def _write(folder: Path, number: int) -> None:
    with connect(folder) as link:
        for turn in range(25):
            link.default_channel._queue_bind("all", "", "", f"queue-{number}-{turn}")
            publish(link, f"{number}-{turn}")


def _take(folder: Path, out: Any) -> None:
    with connect(folder) as link:
        out.put(taken(link))


def test_processes_that_bind_publish_and_take_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(tmp_path, n)) for n in range(3)]
    for process in writers:
        process.start()
    for process in writers:
        process.join(60)
        assert process.exitcode == 0
    with connect(tmp_path) as link:
        assert len(link.default_channel.get_table("all")) == 75
    out = spawn.Queue()
    readers = [spawn.Process(target=_take, args=(tmp_path, out)) for _ in range(2)]
    for process in readers:
        process.start()
    found = [body for _ in readers for body in out.get(timeout=60)]
    for process in readers:
        process.join(60)
    assert len(found) == 75
    assert len(set(found)) == 75
