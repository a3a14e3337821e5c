"""What every voice activity detector keeps to: the loud one of the tests, and Silero both ways."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from asr.endpoint import Endpoint, Manner
from asr.engines.silero.ggml import GgmlVoiceActivity
from asr.engines.silero.onnx import OnnxVoiceActivity
from asr.fake_vad import LoudIsVoice
from asr.vad import FRAME_S, VoiceActivity
from core.audio import Audio, silence
from core.errors import BadInput
from node.hearing import voice_activity
from node.settings import HearingSettings
from pbx.media.g711 import ulaw_to_pcm
from tests.testpack import frames, pack, recordings


def _onnx() -> VoiceActivity:
    return OnnxVoiceActivity(pack("silero-vad/silero_vad.onnx"))


@pytest.fixture(
    params=[LoudIsVoice, pytest.param(_onnx, id="onnx"), pytest.param(GgmlVoiceActivity, id="ggml")]
)
def detector(request: pytest.FixtureRequest) -> VoiceActivity:
    make: Callable[[], VoiceActivity] = request.param
    return make()


def _at_rate(audio: Audio, rate_hz: int) -> Audio:
    """Linear interpolation is good enough for a detector."""
    samples = np.frombuffer(audio.pcm, "<i2").astype(float)
    places = np.arange(round(len(samples) * rate_hz / audio.rate_hz)) * audio.rate_hz / rate_hz
    return Audio(np.interp(places, np.arange(len(samples)), samples).astype("<i2").tobytes(), rate_hz)


def _voices(detector: VoiceActivity, audio: Audio) -> list[float]:
    ear = detector.begin()
    return [ear.voice(frame) for frame in frames(_at_rate(audio, detector.rate_hz), FRAME_S)]


def test_silence_is_no_voice(detector: VoiceActivity) -> None:
    assert max(_voices(detector, silence(3, 8000))) < 0.3


def test_somebody_who_speaks_is_heard(detector: VoiceActivity) -> None:
    said = next(one for one in recordings("callers") if one.kind == "phrase" and len(one.text) > 20)
    voices = _voices(detector, said.audio)
    assert sum(voice > 0.5 for voice in voices) > len(voices) / 3


def test_calls_do_not_hear_each_other(detector: VoiceActivity) -> None:
    said = next(one for one in recordings("callers") if one.kind == "phrase")
    alone = _voices(detector, said.audio)
    one, other = detector.begin(), detector.begin()
    mixed = []
    for frame in frames(_at_rate(said.audio, detector.rate_hz), FRAME_S):
        mixed.append(one.voice(frame))
        other.voice(silence(FRAME_S, detector.rate_hz))
    assert mixed == pytest.approx(alone, abs=1e-4)


@pytest.mark.parametrize("make", [_onnx, GgmlVoiceActivity])
def test_a_minute_of_a_kitchen_interrupts_nobody(make: Callable[[], VoiceActivity]) -> None:
    kitchen = Audio(ulaw_to_pcm(pack("noise/kitchen_60s.ulaw").read_bytes()), 8000)
    endpoint = Endpoint(Manner())
    for voice in _voices(make(), kitchen):
        endpoint.hear(voice)
        assert not endpoint.interrupts


def test_a_file_that_is_no_model_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("models") / "silero_vad.onnx"
    file.write_bytes(b"not a model")
    with pytest.raises(BadInput, match=r"silero_vad\.onnx is no Silero model"):
        OnnxVoiceActivity(file)


def test_for_a_damaged_file_the_one_that_a_library_carries_stands_in(tmp_path: Path) -> None:
    (tmp_path / "silero-vad").mkdir()
    (tmp_path / "silero-vad" / "silero_vad.onnx").write_bytes(b"damaged")
    assert isinstance(voice_activity(HearingSettings(models=tmp_path)), GgmlVoiceActivity)
