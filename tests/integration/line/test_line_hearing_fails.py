"""The recognizer's process dies or hangs while a caller speaks, or never comes up: the call goes on."""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import anyio
import psutil
import pytest

from node.stack.stack import Wish
from rehearsal.phone import Answered, Phone
from tests.integration.line.poll import until
from tests.integration.line.rig import Rig, rig
from tests.testpack import pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_WORKER: Final = "asr.engines.vosk.worker"
_YES: Final = "callers/say05-awb.ulaw"
_AMOUNT: Final = "callers/say01-awb.ulaw"  # fifty three dollars and twenty cents
_INTO_S: Final = 1.0  # of the amount: it lasts about three seconds
_WITHIN_S: Final = 60.0


_BY_KEYS: Final = """
name: A caller answers with keys
dial: "1000"
from: "{caller}"
steps:
  - hear_all: Please enter your account number
    within: 40s
  - press: "{account}#"
  - hear: ask_how_much
    within: 20s
  - hang_up
expect:
  not_said: [sorry, no_match, no_input]
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vosk and Silero alone: nobody else could take over."""
    folder = tmp_path_factory.mktemp("models")
    for name in ("vosk-tiny-en-8k", "silero-vad"):
        (folder / name).symlink_to(pack(name).absolute())
    return folder


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory, models: Path) -> AsyncIterator[Rig]:
    """A line that hears with one recognizer."""
    wish = Wish(environment={"TELLERLINE_HEARING_MODELS": str(models)})
    async with rig(tmp_path_factory.mktemp("line"), wish, quick=False) as one:
        yield one


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_recognizer_lost_in_mid_sentence_costs_one_apology_at_most(
    line: Rig, blow: signal.Signals
) -> None:
    caller = line.number()
    await line.bill((caller,))
    async with line.phone(caller) as phone:
        assert isinstance(await phone.dial("1000", 20), Answered)
        await _heard_out(line, caller, "found_account")
        await phone.speak(pack(_YES))
        await _heard_out(line, caller, "ask_how_much")
        struck = next(_workers(line))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(phone.speak, pack(_AMOUNT))
            await anyio.sleep(_INTO_S)
            os.kill(struck, blow)
        await _confirmed(line, phone, caller)
        await phone.hang_up()
    told = await line.prompts(caller)
    assert told.count("no_match") + told.count("no_match_again") <= 1
    assert not {"sorry", "offer_person", "agent_not_reached"} & set(told)
    assert await _replaced(line, struck)


async def test_a_line_whose_models_are_damaged_takes_calls_with_keys(tmp_path: Path) -> None:
    model = tmp_path / "models" / "vosk-tiny-en-8k"
    shutil.copytree(pack("vosk-tiny-en-8k"), model)
    (model / "am" / "final.mdl").write_bytes(b"damaged")
    (tmp_path / "models" / "silero-vad").mkdir()
    (tmp_path / "models" / "silero-vad" / "silero_vad.onnx").write_bytes(b"damaged")
    wish = Wish(environment={"TELLERLINE_HEARING_MODELS": str(tmp_path / "models")})
    async with rig(tmp_path / "line", wish, quick=False) as one:
        account = await one.bill()
        await one.rehearse(_BY_KEYS.format(caller=one.number(), account=account))
        told = [event["event"] for event in one.log() if event["level"] == "error"]
    assert "callers are not heard and answer with keys" in told
    assert "the detector of voices that a library carries is used" in told


async def _confirmed(line: Rig, phone: Phone, caller: str) -> None:
    """Say the amount again where the line asks for it again, as people do."""

    async def asked_again_or_not() -> bool:
        told = await line.prompts(caller)
        return "confirm_amount" in told or told.count("ask_how_much") > 1

    await until(asked_again_or_not, _WITHIN_S, "the call is stuck")
    if "confirm_amount" not in await line.prompts(caller):
        await _heard_out(line, caller, "ask_how_much", times=2)
        await phone.speak(pack(_AMOUNT))
        await line.said(caller, "confirm_amount", _WITHIN_S)


async def _heard_out(line: Rig, caller: str, prompt: str, times: int = 1) -> None:
    async def ended() -> bool:
        facts = await line.facts(caller)
        whole = [one for one in facts if one["kind"] == "said_all" and one["body"]["prompt"] == prompt]
        return len(whole) >= times

    await until(ended, _WITHIN_S, f"{caller} did not hear {prompt} to its end")


async def _replaced(line: Rig, struck: int) -> bool:
    async def another() -> bool:
        return any(pid != struck for pid in _workers(line)) and not psutil.pid_exists(struck)

    await until(another, _WITHIN_S, "the recognizer that was lost is not there again")
    return True


def _workers(line: Rig) -> Iterator[int]:
    for child in psutil.Process(line.controller.pid).children(recursive=True):
        try:
            if _WORKER in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                yield child.pid
        except psutil.NoSuchProcess:
            continue
