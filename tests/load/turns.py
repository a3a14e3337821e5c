"""How soon the line answers somebody who speaks; the figures `turn.*`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final

import anyio
from rich.console import Console
from sqlalchemy import text

from core.clock import SystemClock
from db.bill_rows import BillRow
from db.bills import import_bills
from tests.load.figure import Figure
from tests.load.gaps import percentile
from tests.load.lab import DUE, PAYS, Lab, lab
from tests.load.own_models import own_models
from tests.load.shares import Watch, processes
from tests.load.sipp import STAYS, Load, Sipp
from tests.load.talker import Answered, Saying, talker
from tests.load.trial import Tell
from tests.testpack import found, pack

_ACCOUNT: Final = "123"  # as a recording of the pack says it
_SECOND_CHOICE: Final = "speech-fsdd-test/george/2_george_1.ulaw"
_ALONE, _TOGETHER = 2, 10
_LIMIT_S: Final = 240.0
_SHARES: Final = """
SELECT percentile_cont(:part) WITHIN GROUP (ORDER BY (body->>'waited_ms')::int) AS waited,
       percentile_cont(:part) WITHIN GROUP (ORDER BY (body->>'thought_ms')::int) AS thought,
       percentile_cont(:part) WITHIN GROUP (ORDER BY 1000 * extract(epoch FROM next_at - at)) AS said
  FROM (SELECT kind, body, at, lead(at) OVER (PARTITION BY call ORDER BY seq) AS next_at
          FROM facts WHERE kind IN ('spoke', 'said') AND at >= :since) AS told
 WHERE kind = 'spoke' AND body->>'question' <> 'account'
"""


async def turns(folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Speak to a line that listens, alone and ten at a time; nothing where the test pack is absent."""
    models = found(".")
    if models is None:
        console.print("  turn: the test pack is absent (TELLERLINE_TESTPACK), so nothing is measured")
        return []
    figures = await _with(models, "turn", folder, console, tell)
    own = own_models()
    if own is None:
        console.print(
            "  turn: there is no model of your own (`tellerline models pull`): the test pack's alone"
        )
        return figures
    return [*figures, *await _with(own, "turn.own", folder.with_name(f"{folder.name}-own"), console, tell)]


async def _with(models: Path, name: str, folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """The figures of that name, of a line with these models."""
    fast = {"TELLERLINE_HEARING_MODELS": str(models), "TELLERLINE_VOICE_WORDS_PER_MINUTE": "300"}
    async with lab(folder, fast) as line:
        await _bill(line)
        alone = await _measured(line, console, [1] * _ALONE, tell)
        together = await _measured(line, console, [_TOGETHER], tell)
    one, ten = [answer.seconds * 1000 for answer in alone], [answer.seconds * 1000 for answer in together]
    between = "the gap between two people, about"
    return [
        Figure(f"{name}.p50_ms_1", round(percentile(one, 0.5)), "ms", 200, between, 450, 300),
        Figure(f"{name}.p95_ms_1", round(percentile(one, 0.95)), "ms", 200, between, 900, 600),
        Figure(f"{name}.p95_ms_10", round(percentile(ten, 0.95)), "ms", 200, between, 1500),
    ]


async def _measured(line: Lab, console: Console, rounds: Sequence[int], tell: Tell) -> list[Answered]:
    """So many calls at once, round by round; what took the time is printed."""
    since, watch = SystemClock().now(), Watch(processes(line))
    answers = [answer for many in rounds for answer in await _calls(line, many, tell)]
    shares = watch.read()
    console.print(f"  turn: {rounds[0]} at once", highlight=False)
    _print_kinds(console, answers)
    for part in (0.5, 0.95):
        await _print_shares(line, console, since, part, percentile([one.seconds for one in answers], part))
    used = ", ".join(f"{name} {share.cpu_pct:.0f} %" for name, share in shares.items())
    console.print(f"  turn: of one core: {used}", highlight=False)
    return answers


async def _bill(line: Lab) -> None:
    row = BillRow(2, _ACCOUNT, (), "Robin Example", DUE, "spoken-1")
    await import_bills(line.work, [row], Path("turns.csv"), SystemClock(), lambda _doing, _done: None)


def _sayings(voice: str) -> list[Saying]:
    """An account, dictated at leisure; another amount is chosen; three are taken back; nobody is wanted."""

    def said(kind: str, file: str) -> Saying:
        return Saying(kind, pack(file).read_bytes())

    account = said("dictated", "callers/cvv-george-123.ulaw")
    amount, other = (said("amount", f"callers/{one}-{voice}.ulaw") for one in ("say01", "say02"))
    choice, no = said("menu", _SECOND_CHOICE), said("yes/no", f"callers/say04-{voice}.ulaw")
    return [account, choice, amount, no, other, no, amount, no, no]


async def _calls(line: Lab, many: int, tell: Tell) -> list[Answered]:
    chance = Random(many)
    talkers = [talker(_sayings(chance.choice(("awb", "rms", "slt")))) for _ in range(many)]
    sipp = Sipp(line.line.folder / "sipp", line.line.sip)
    tell(f"{many} talk", 0.0)
    try:
        async with anyio.create_task_group() as tasks:
            await sipp.start(Load(STAYS, PAYS, [one.phone.port for one in talkers], 5.0, _LIMIT_S))
            for one in talkers:
                tasks.start_soon(one.talk)
    finally:
        await sipp.kill()
        for one in talkers:
            one.phone.close()
    return [answer for one in talkers for answer in one.answers if answer.kind != "dictated"]


def _print_kinds(console: Console, answers: Sequence[Answered]) -> None:
    kinds = defaultdict[str, list[float]](list)
    for answer in answers:
        kinds[answer.kind].append(answer.seconds * 1000)
    for kind, times in sorted(kinds.items()):
        console.print(
            f"  turn: {kind}: {len(times)} answers, p50 {percentile(times, 0.5):.0f} ms, "
            f"p95 {percentile(times, 0.95):.0f} ms",
            highlight=False,
        )


async def _print_shares(line: Lab, console: Console, since: datetime, part: float, whole_s: float) -> None:
    await anyio.sleep(1)  # facts are written behind the calls' backs
    async with line.work.begin() as tx:
        row = (await tx.execute(text(_SHARES), {"part": part, "since": since})).one()
    rest = 1000 * whole_s - row.waited - row.thought - row.said
    console.print(
        f"  turn: p{part * 100:.0f} {1000 * whole_s:.0f} ms; each alone: {row.waited:.0f} ms of silence, "
        f"{row.thought:.0f} ms recognizers, {row.said:.0f} ms flow and voice; {rest:.0f} ms is left for "
        "the network, Asterisk and the detector of voices",
        highlight=False,
    )
