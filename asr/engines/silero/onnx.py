"""Silero by onnxruntime, at 8 kHz: about 0.1 ms for 32 ms of sound."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types

from core.audio import Audio
from core.errors import BadInput

_RATE_HZ: Final = 8000
_CONTEXT: Final = 32  # samples of the frame before that the model wants in front of each frame
_FULL_SCALE: Final = 32768.0


class OnnxVoiceActivity:
    """One model for all calls: `silero_vad.onnx`. Raises BadInput for a file that does not know 8 kHz."""

    rate_hz = _RATE_HZ

    def __init__(self, file: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(file), options)
            self.begin().voice(Audio(bytes(512), _RATE_HZ))
        except Exception as error:  # onnxruntime's own errors have no common root
            raise BadInput(f"{file} is no Silero model for 8 kHz: {error}") from error

    def begin(self) -> "OnnxEar":
        """Listen to a new call."""
        return OnnxEar(self._session)


class OnnxEar:
    """The model's memory of one call."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def voice(self, frame: Audio) -> float:
        """From 0 to 1: how likely the next 32 ms are speech."""
        samples = np.frombuffer(frame.pcm, "<i2").astype(np.float32) / _FULL_SCALE
        heard, self._state = self._session.run(
            None,
            {
                "input": np.concatenate([self._context, samples])[None],
                "state": self._state,
                "sr": np.array(_RATE_HZ, np.int64),
            },
        )
        self._context = samples[-_CONTEXT:]
        return float(heard[0, 0])
