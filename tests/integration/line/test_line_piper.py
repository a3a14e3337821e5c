"""A line that speaks with Piper: a bill is paid on it, and what it says can be understood."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import pytest

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.recognizer import Hint
from core.audio import Audio
from node.stack.stack import Wish
from rehearsal.script import Dtmf
from tests.integration.line.listening import read
from tests.integration.line.rig import PAID_ONCE, Rig, rig
from tests.integration.line.scripts import pays
from tests.testpack import frames, pack

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_VOICE = "en_US-robot-test"
_RECORDED = "1002"


def _models(folder: Path) -> Path:
    """The robot of the test pack as `tellerline models` lays a voice down."""
    pytest.importorskip("piper", reason="the extra `piper` is not installed")
    (folder / _VOICE).mkdir(parents=True)
    for ending in (".onnx", ".onnx.json"):
        (folder / _VOICE / f"{_VOICE}{ending}").symlink_to(pack(f"piper-robot/{_VOICE}{ending}"))
    return folder


@pytest.fixture(scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A line with that voice and no model to listen with."""
    models = _models(tmp_path_factory.mktemp("models"))
    environment = {"TELLERLINE_VOICE_PIPER": _VOICE, "TELLERLINE_HEARING_MODELS": str(models)}
    async with rig(tmp_path_factory.mktemp("line"), Wish(environment=environment), quick=False) as one:
        yield one


async def test_a_bill_is_paid_while_piper_speaks(line: Rig) -> None:
    account = await line.bill()
    await line.rehearse(pays(account, dial=_RECORDED, dtmf=Dtmf.RFC4733))
    await line.settled(account, PAID_ONCE)
    assert not [entry for entry in line.log() if "espeak-ng speaks instead" in str(entry.get("event"))]
    [recording] = (line.stack.asterisk.spool / "recording").glob("*.wav")
    heard = await _understood(read(recording))
    assert "one hundred and twenty five dollars and fifty" in heard, heard  # "cents" sounds like "sense"


async def _understood(audio: Audio) -> str:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    vosk = VoskRecognizer(pack("vosk-tiny-en-8k"), "en")
    heard = list[str]()
    async with anyio.create_task_group() as tasks:
        await tasks.start(vosk.run)
        for piece in frames(audio, 15.0):
            async with vosk.hear(Hint("en")) as hearing:
                hearing.feed(piece)
                heard.append((await hearing.finish()).text)
        tasks.cancel_scope.cancel()
    return " ".join(heard)
