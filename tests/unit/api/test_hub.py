"""Facts fanned out by topic: who hears what, and what becomes of those who do not read."""

import asyncio
import json
from datetime import UTC, datetime

from api.hub import Hub, Listener, framed
from api.topics import of_caller
from core.events import CallEnded, CallStarted, Fact, LinkMoved, PaymentMoved, Recorded
from core.ids import CallId, PaymentId

_AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Wire(asyncio.WriteTransport):
    """A transport that keeps what is written; `unread` is how much the other end has not taken."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.unread = 0
        self.let_go = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return False

    def listener(self) -> Listener:
        def gone() -> None:
            self.let_go += 1

        return Listener(self, gone)

    @property
    def seqs(self) -> list[int]:
        return [json.loads(frame[4:] if frame[1] == 126 else frame[2:])["seq"] for frame in self.written]


def _call(name: str) -> Fact:
    return CallStarted(CallId(name), "1000", "+15550101", "pay_bill")


def _paid(name: str) -> Fact:
    return PaymentMoved(CallId(name), PaymentId("pay_1"), "captured", 100, "USD", "sandbox", "")


def _hears(hub: Hub, *topics: str) -> Wire:
    wire = Wire()
    listener = wire.listener()
    hub.enter(listener, frozenset(topics))
    listener.caught_up(0, b"")
    wire.written.clear()
    return wire


def test_each_hears_its_topics_once_and_nothing_else() -> None:
    hub = Hub()
    everything, calls, payments, one = (
        _hears(hub, topics) for topics in ("*", "calls", "payments", "call:call_2")
    )
    both = _hears(hub, "calls", "call:call_2", "*")
    facts = [
        _call("call_1"),
        _paid("call_2"),
        _call("call_2"),
        LinkMoved(None, "link_1", "paid", 1, "USD", ""),
    ]
    for seq, fact in enumerate(facts, start=1):
        hub.tell(Recorded(seq, _AT, fact))
    assert everything.seqs == both.seqs == [1, 2, 3, 4]
    assert (calls.seqs, payments.seqs, one.seqs) == ([1, 3], [2], [2, 3])


def test_what_comes_while_the_kept_is_sent_follows_it_without_a_gap_or_a_repetition() -> None:
    hub, wire = Hub(), Wire()
    listener = wire.listener()
    hub.enter(listener, frozenset({"calls"}))
    for seq in (5, 6, 7):
        hub.tell(Recorded(seq, _AT, _call("call_1")))
    assert wire.written == []
    listener.caught_up(6, framed({"kind": "caught_up", "seq": 6}))
    hub.tell(Recorded(8, _AT, _call("call_1")))
    assert wire.seqs == [6, 7, 8]


def test_what_was_read_of_the_kept_is_not_heard_again_when_it_is_told_later() -> None:
    hub, wire = Hub(), Wire()
    listener = wire.listener()
    hub.enter(listener, frozenset({"calls"}))
    listener.caught_up(6, framed({"kind": "caught_up", "seq": 6}))
    for seq in (5, 6, 7):
        hub.tell(Recorded(seq, _AT, _call("call_1")))
    assert wire.seqs == [6, 7]


def test_whoever_does_not_read_is_let_go_once_and_told_nothing_more() -> None:
    hub = Hub()
    slow, quick = _hears(hub, "calls"), _hears(hub, "calls")
    slow.unread = 1 << 20
    for seq in range(1, 4):
        hub.tell(Recorded(seq, _AT, _call("call_1")))
    assert (slow.written, slow.let_go) == ([], 1)
    assert quick.seqs == [1, 2, 3]


def test_whoever_waits_too_long_for_the_kept_is_let_go() -> None:
    hub, wire = Hub(), Wire()
    hub.enter(wire.listener(), frozenset({"*"}))
    for seq in range(1, 2100):
        hub.tell(Recorded(seq, _AT, _call("call_1")))
    assert wire.let_go == 1


def test_other_topics_take_the_place_of_those_before() -> None:
    hub, wire = Hub(), Wire()
    listener = wire.listener()
    hub.enter(listener, frozenset({"calls"}))
    hub.enter(listener, frozenset({"payments"}))
    listener.caught_up(0, b"")
    wire.written.clear()
    hub.tell(Recorded(1, _AT, _call("call_1")))
    hub.tell(Recorded(2, _AT, _paid("call_1")))
    assert wire.seqs == [2]
    hub.leave(listener)
    hub.tell(Recorded(3, _AT, _paid("call_1")))
    assert wire.seqs == [2]


def test_a_frame_says_its_length_in_the_fewest_bytes() -> None:
    for size, head in ((10, 2), (200, 4), (70_000, 10)):
        frame = framed({"x": "a" * size})
        assert frame[0] == 0x81
        assert len(frame) == head + len(json.dumps({"x": "a" * size}, separators=(",", ":")))


def test_whoever_hears_a_caller_hears_that_callers_calls_from_beginning_to_end_and_no_others() -> None:
    hub = Hub()
    wire, watcher = _hears(hub, of_caller("302")), _hears(hub, "call:call_1")
    facts: list[Fact] = [
        CallStarted(CallId("call_1"), "1000", "302", "pay_bill"),
        _call("call_2"),
        _paid("call_1"),
        _paid("call_2"),
        CallEnded(CallId("call_1"), "paid", "normal", 60.0),
        _paid("call_1"),
    ]
    for seq, fact in enumerate(facts, start=1):
        hub.tell(Recorded(seq, _AT, fact))
    assert wire.seqs == [1, 3, 5]
    assert watcher.seqs == [1, 3, 5, 6]
