"""A line, its telephones and its facts without a network, for tests; its flow is a coroutine of the test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from core.errors import BadInput
from core.events import CallEnded, CallStarted, Fact, Recorded, Said, SaidAll
from core.ids import CallId, new_call_id
from rehearsal.account import Caller
from rehearsal.beside import beside
from rehearsal.heard import Received
from rehearsal.phone import Answered, Closed, NotAnswered, Packets
from rehearsal.rows import Row
from rehearsal.script import Dtmf, Rhythm

MOST = 1000


class FakeCall:
    """The line's end of a call: what a flow may do."""

    def __init__(self, line: "FakeLine", caller: str) -> None:
        self._line = line
        self.id: CallId = new_call_id()
        self.caller = caller
        self.pressed, self.keys = anyio.create_memory_object_stream[str](MOST)
        self.over = anyio.Event()
        self.by_line = False

    def tell(self, fact: Fact) -> None:
        """Tell whoever watches the line."""
        self._line.tell(fact)

    def say(self, prompt: str, text: str = "") -> None:
        """Say all of a prompt at once."""
        self.tell(Said(self.id, prompt, text or prompt))
        self.tell(SaidAll(self.id, prompt, interrupted=False))

    async def key(self) -> str:
        """The next key."""
        return await self.keys.receive()

    def end(self, outcome: str) -> None:
        """Hang up."""
        self.by_line = not self.over.is_set()
        self.over.set()
        self.tell(CallEnded(self.id, outcome, "NORMAL", 1.0))


Flow = Callable[[FakeCall], Awaitable[None]]


class FakeLine:
    """A line whose calls all run one flow; it is a Watch, and makes telephones for a Stage."""

    def __init__(self, flow: Flow, *, refuses: str = "") -> None:
        self._flow, self.refuses = flow, refuses
        self._followers: list[MemoryObjectSendStream[Recorded]] = []
        self._seq = 0
        self.dialed: list[str] = []

    def tell(self, fact: Fact) -> None:
        """A fact happens."""
        self._seq += 1
        for follower in self._followers:
            follower.send_nowait(Recorded(self._seq, datetime.now(UTC), fact))

    @asynccontextmanager
    async def follow(self) -> AsyncIterator[AsyncIterator[Recorded]]:
        """All facts from now on."""
        send, receive = anyio.create_memory_object_stream[Recorded](MOST)
        self._followers.append(send)
        with send, receive:
            yield receive
            self._followers.remove(send)

    @asynccontextmanager
    async def new_phone(self, caller: Caller, longest_s: float) -> AsyncIterator["FakePhone"]:
        """A telephone of this line's caller."""
        call = FakeCall(self, caller.number)
        phone = FakePhone(self, call, caller.dtmf)
        with call.pressed, call.keys:
            async with beside(self._run, phone.picked_up, call):
                yield phone

    async def _run(self, picked_up: anyio.Event, call: FakeCall) -> None:
        await picked_up.wait()
        call.tell(CallStarted(call.id, "2000", call.caller, "fake"))
        await self._flow(call)


class FakePhone:
    """A telephone that presses keys in no time."""

    def __init__(self, line: FakeLine, call: FakeCall, dtmf: Dtmf) -> None:
        self._line, self._call, self.dtmf = line, call, dtmf
        self.picked_up = anyio.Event()
        self.received = Received(Path("/nonexistent/heard.wav"))

    async def dial(self, number: str, within_s: float) -> Answered | NotAnswered:
        """Answered at once, unless the line refuses."""
        self._line.dialed.append(number)
        if self._line.refuses:
            return NotAnswered(self._line.refuses)
        self.picked_up.set()
        return Answered(0.02)

    async def press(self, keys: str, rhythm: Rhythm) -> None:
        """Keys arrive one by one."""
        for key in keys:
            self._call.pressed.send_nowait(key)

    async def speak(self, recording: Path) -> None:
        """Nobody listens."""

    async def transfer(self, to: str) -> None:
        """Nobody is there who could be sent on."""

    async def hang_up(self) -> None:
        """The line learns of it."""
        self._call.over.set()

    async def closed(self) -> Closed:
        """Wait for the end."""
        await self._call.over.wait()
        return Closed(self._call.by_line, "")

    def packets(self) -> Packets | None:
        """None are counted."""
        return None


class FakeRows:
    """A database of a few rows, each a mapping of columns to texts."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._tables = tables

    async def find(self, table: str, where: Mapping[str, str], columns: Sequence[str]) -> list[Row]:
        """Those that match."""
        if table not in self._tables:
            raise BadInput(f"there is no table {table}")
        return [
            row for row in self._tables[table] if all(row[name] == value for name, value in where.items())
        ]
