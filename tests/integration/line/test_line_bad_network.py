"""Callers whose packets are lost and late, on a whole line that listens."""

from collections.abc import AsyncIterator
from typing import Final

import anyio
import psutil
import pytest

from node.stack.ports import HOST
from node.stack.stack import Wish
from tests.integration.line.answering import agreeing_to, answer_all, keying, saying
from tests.integration.line.raw_caller import raw_caller
from tests.integration.line.rig import DUE, VISA, Rig, Settled, rig
from tests.integration.line.rough_path import Trouble, rough_path
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_BAD: Final = Trouble(lost=0.05, jitter_s=0.06)
_WORSE: Final = Trouble(lost=0.05, jitter_s=0.06, overtakes=True)
_WANTED: Final = "fifty-three dollars and twenty cents"
_PAID_A_PART: Final = Settled(("captured",), 1, DUE.minor - 5320)
_LONGEST_CALL_S: Final = 240.0
_MOST_GROWN: Final = 64 << 20
_GIVEN_UP: Final = {"no_input", "no_match", "agent_not_reached"}  # noise may be taken for a wish, too


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line with the test pack's models, which speaks fast and does not wait for long."""
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    environment = {
        "TELLERLINE_HEARING_MODELS": str(pack(".")),
        "TELLERLINE_HEARING_SECOND_S": "0",  # the Whisper of the test pack says the same to all
        "TELLERLINE_VOICE_WORDS_PER_MINUTE": "300",
        "TELLERLINE_LINE_SILENCE_S": "3",
    }
    async with rig(tmp_path_factory.mktemp("line"), Wish(environment=environment), quick=False) as one:
        yield one


async def test_who_speaks_over_a_network_that_loses_and_delays_is_understood_or_asked_again_and_pays(
    line: Rig,
) -> None:
    await _pays(line, "awb", 1)
    before = _memory(line)
    async with anyio.create_task_group() as tasks:
        for seed, voice in enumerate(("awb", "rms", "slt"), start=2):
            tasks.start_soon(_pays, line, voice, seed)
    assert _memory(line) - before < _MOST_GROWN


async def test_where_packets_overtake_each_other_too_the_call_ends_as_it_should(line: Rig) -> None:
    caller, account = await _calls(line, "awb", 5, _WORSE)
    await _ended_as_it_should(line, caller, account, {"paid", "card_not_taken", *_GIVEN_UP})


async def _pays(line: Rig, voice: str, seed: int) -> None:
    """The amount is understood, perhaps when it is said again; a key that is lost may cost the card."""
    caller, account = await _calls(line, voice, seed, _BAD)
    await _ended_as_it_should(line, caller, account, {"paid", "card_not_taken"})
    answered = [one["body"] for one in await line.facts(caller) if one["kind"] == "answered"]
    assert "amount" in [one["question"] for one in answered], answered


async def _ended_as_it_should(line: Rig, caller: str, account: str, ends: set[str]) -> None:
    """Paid once what was agreed, or nothing."""
    outcome = (await line.ended(caller))["outcome"]
    facts = await line.facts(caller)
    assert outcome in ends, [f"{one['kind']} {one['body']}" for one in facts]
    await line.settled(account, _PAID_A_PART if outcome == "paid" else Settled((), 0, DUE.minor))


async def _calls(line: Rig, voice: str, seed: int, trouble: Trouble) -> tuple[str, str]:
    """Pay a part of the bill over a bad network, with words where words do; the caller and the account."""
    caller = line.number()
    account = await line.bill((caller,))
    amount, no, yes = (_recorded(f"say{number}-{voice}.ulaw") for number in ("01", "04", "05"))
    async with (
        rough_path(trouble, seed) as path,
        raw_caller(caller, (HOST, line.stack.ports.sip), path) as phone,
    ):
        await phone.dial("1000")
        answers = {
            "found_account": saying(phone, yes),
            "ask_how_much": saying(phone, amount),
            "ask_amount": saying(phone, amount),
            "confirm_amount": agreeing_to(phone, _WANTED, yes, no),
            "card_number": keying(phone, f"{VISA}#"),
            "card_expiry": keying(phone, "1230"),
            "card_code": keying(phone, "123"),
            "offer_person": saying(phone, no),
        }
        await answer_all(line, caller, phone, answers, _LONGEST_CALL_S)
    assert trouble.lost / 2 < path.gone / path.came < trouble.lost * 2
    return caller, account


def _recorded(file: str) -> bytes:
    return pack(f"callers/{file}").read_bytes()


def _memory(line: Rig) -> int:
    """Resident bytes of the line's process and its recognizers."""
    controller = psutil.Process(line.controller.pid)
    return sum(one.memory_info().rss for one in (controller, *controller.children(recursive=True)))
