"""How soon the line falls silent for somebody who interrupts it: `bargein.voice_p95_ms`, `.key_p95_ms`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
from rich.console import Console
from sqlalchemy import text

from core.clock import SystemClock
from core.errors import OutOfReach
from db.bill_rows import BillRow
from db.bills import import_bills
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.lab import DUE, PAYS, Lab, lab
from tests.load.sipp import STAYS, Load, Sipp
from tests.load.telephone import Telephone, telephone, voiced
from tests.load.trial import Tell
from tests.testpack import found

_ACCOUNT: Final = "123"
_CALLS, _QUESTIONS = 2, 9
_INTO_S: Final = 0.35  # so long after a prompt began it is interrupted
_LOOK_S: Final = 0.02
_PROMPT_S: Final = 20.0
_KEY_WINDOW_S: Final = 0.6
_LIMIT_S: Final = 200.0
_SAID: Final = "SELECT body->>'prompt' AS prompt FROM facts WHERE kind = 'said' AND call = :call ORDER BY seq"
_NEWEST: Final = "SELECT id FROM calls ORDER BY started_at DESC, id DESC LIMIT 1"


@dataclass(slots=True)
class Stops:
    """Milliseconds from an interruption to the last sound of the prompt; `between` sentences none counts."""

    by_voice: list[float] = field(default_factory=list)
    by_key: list[float] = field(default_factory=list)
    by_key_press: list[float] = field(default_factory=list)
    between: int = 0


@dataclass(slots=True)
class Interrupter:
    """One call, in which every question is talked into, or keyed into."""

    line: Lab
    phone: Telephone
    stops: Stops
    amount: bytes
    no: bytes
    call: str = ""
    _seen: int = 0

    async def talks(self) -> None:
        """Speak into whatever is asked: an amount, and a no to what comes of it."""
        answers = {"ask_how_much": self.amount, "ask_amount": self.amount, "confirm_amount": self.no}
        for _ in range(_QUESTIONS):
            match await self._asked({"ask_account", *answers}):
                case "ask_account":
                    await self._keyed(_ACCOUNT + "#")
                case str() as prompt:
                    await self._talk(answers[prompt])
                case None:
                    return

    async def keys(self) -> None:
        """Press the first digit into each question that wants several."""
        digits = {"ask_account": _ACCOUNT + "#", "ask_amount": "5#"}
        for _ in range(_QUESTIONS):
            match await self._asked({"ask_how_much", "confirm_amount", *digits}):
                case str() as prompt if prompt in digits:
                    await self._key(digits[prompt])
                case str():
                    await self._keyed("2")
                case None:
                    return

    async def _talk(self, saying: bytes) -> None:
        began = anyio.current_time()
        lasts_s = self.phone.say(saying)
        await anyio.sleep(lasts_s)
        self._note(self.stops.by_voice, began, began + lasts_s)

    async def _key(self, keys: str) -> None:
        began = anyio.current_time()
        let_go_at = await self.phone.press(keys[0])
        await anyio.sleep(_KEY_WINDOW_S)
        until = began + _KEY_WINDOW_S
        self._note(self.stops.by_key, let_go_at, until, began)
        self._note(self.stops.by_key_press, began, until)
        await self._keyed(keys[1:])

    def _note(self, stops: list[float], from_s: float, until_s: float, began_s: float | None = None) -> None:
        before = [at for at in self.phone.loud if at <= until_s]
        last = before[-1] if before else 0.0
        if last < (from_s if began_s is None else began_s):
            self.stops.between += 1
        else:
            stops.append(1000 * max(last - from_s, 0.0))

    async def _keyed(self, keys: str) -> None:
        for sign in keys:
            await self.phone.press(sign)
            await anyio.sleep(0.1)

    async def _asked(self, prompts: set[str]) -> str | None:
        """Wait until the line is in the middle of one of these; None when it asks none of them."""
        with anyio.move_on_after(_PROMPT_S):
            while not (new := prompts & set((said := await self._said())[self._seen :])):  # noqa: ASYNC110 - polled
                await anyio.sleep(_LOOK_S)
            self._seen, from_s = len(said), anyio.current_time()
            while self.phone.loud_at <= from_s:  # noqa: ASYNC110 - sound comes as packets
                await anyio.sleep(_LOOK_S)
            await anyio.sleep(_INTO_S)
            return new.pop()
        return None

    async def _said(self) -> list[str]:
        async with self.line.work.begin() as tx:
            return [row.prompt for row in await tx.execute(text(_SAID), {"call": self.call})]


async def bargein(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Interrupt by voice and by key on a real line; nothing where the test pack is absent."""
    pack = found(".")
    if pack is None:
        console.print("  bargein: the test pack is absent (TELLERLINE_TESTPACK), so nothing is measured")
        return []
    stops = Stops()
    async with lab(folder, {"TELLERLINE_HEARING_MODELS": str(pack)}) as line:
        row = BillRow(2, _ACCOUNT, (), "Robin Example", DUE, "spoken-1")
        await import_bills(line.work, [row], Path("bargein.csv"), SystemClock(), lambda _doing, _done: None)
        tell("interrupting", 0.0)
        placing = anyio.Lock()
        async with anyio.create_task_group() as tasks:
            for by_key in (False, True):
                tasks.start_soon(_calls, line, pack, stops, placing, by_key)
    if not (stops.by_voice and stops.by_key):
        raise OutOfReach(f"no question was interrupted; {folder / 'line.log'} says more")
    after_press = [percentile(stops.by_key_press, part) for part in (0.5, 0.95)]
    console.print(
        f"  bargein: {len(stops.by_voice)} by voice, p50 {percentile(stops.by_voice, 0.5):.0f} ms; "
        f"{len(stops.by_key)} by key, p50 {percentile(stops.by_key, 0.5):.0f} ms after it was let go, "
        f"p50 and p95 {after_press[0]:.0f} and {after_press[1]:.0f} ms after it was pressed, for 100 ms; "
        f"{stops.between} fell between two sentences",
        highlight=False,
    )
    demand = "the demand"
    return [
        Figure("bargein.voice_p95_ms", round(percentile(stops.by_voice, 0.95)), "ms", 250, demand, 250),
        Figure("bargein.key_p95_ms", round(percentile(stops.by_key, 0.95)), "ms", 120, demand, 120),
    ]


async def _calls(line: Lab, pack: Path, stops: Stops, placing: anyio.Lock, by_key: bool) -> None:
    sipp = Sipp(line.line.folder / ("sipp-keys" if by_key else "sipp-voice"), line.line.sip)
    for _ in range(_CALLS):
        phone = telephone()
        one = Interrupter(line, phone, stops, _voiced(pack, "say01-rms"), _voiced(pack, "say04-rms"))
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(phone.run)
                async with placing:
                    one.call = await _placed(line, sipp, phone)
                await (one.keys() if by_key else one.talks())
                tasks.cancel_scope.cancel()
        finally:
            await sipp.kill()
            phone.close()


async def _placed(line: Lab, sipp: Sipp, phone: Telephone) -> str:
    """The name of the call that is placed; no other begins meanwhile."""
    before = await _newest(line)
    await sipp.start(Load(STAYS, PAYS, [phone.port], 5.0, _LIMIT_S))
    with anyio.fail_after(_PROMPT_S):
        while (newest := await _newest(line)) == before:  # noqa: ASYNC110 - polled
            await anyio.sleep(_LOOK_S)
    return newest


async def _newest(line: Lab) -> str:
    async with line.work.begin() as tx:
        return str(await tx.scalar(text(_NEWEST)) or "")


def _voiced(pack: Path, name: str) -> bytes:
    return voiced((pack / "callers" / f"{name}.ulaw").read_bytes())
