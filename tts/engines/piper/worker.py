"""The process that runs Piper: `python -m tts.engines.piper.worker THREADS LANGUAGE=MODEL.onnx ...`.

In: say (language, text) under the number of a speech. Out: ready or broken; then for each sentence sound (its
rate; 16-bit samples), and at last, under the number `n`, said. All voices are loaded at once and kept.
"""

import json
import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from piper import PiperConfig, PiperVoice, SynthesisConfig

from core.child import Head, packed, read
from tts.sentences import sentences

_LEVEL = SynthesisConfig(
    normalize_audio=False
)  # we level it ourselves, over speech and not by its loudest peak

Job = tuple[Head, bytes]


class Mouth(threading.Thread):
    """One thread: it speaks whatever comes, in any of the voices."""

    def __init__(
        self, voices: dict[str, Any], jobs: "SimpleQueue[Job]", out: BinaryIO, lock: threading.Lock
    ) -> None:
        super().__init__(daemon=True)
        self._voices, self._jobs, self._out, self._lock = voices, jobs, out, lock

    def run(self) -> None:
        """Speak until the process ends."""
        while True:
            head, body = self._jobs.get()
            try:
                self._say(head, body.decode())
                self._tell(head, {"is": "said"})
            except Exception as error:
                self._tell(head, {"is": "unsaid", "why": str(error)})

    def _say(self, head: Head, text: str) -> None:
        voice = self._voices[head["language"]]
        for sentence in sentences(text):
            pcm = b"".join(chunk.audio_int16_bytes for chunk in voice.synthesize(sentence, _LEVEL))
            self._tell(head | {"n": 0}, {"is": "sound", "rate_hz": voice.config.sample_rate}, pcm)

    def _tell(self, asked: Head, answer: Head, body: bytes = b"") -> None:
        head = answer | {"speech": asked["speech"], "n": asked["n"]}
        with self._lock:
            self._out.write(packed(head, body))
            self._out.flush()


def voice(model: Path) -> Any:
    """A voice on one thread, that does not spin while it waits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    config = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
    return PiperVoice(session=session, config=PiperConfig.from_dict(config))


def main() -> None:
    """Serve until the parent goes away."""
    threads = int(sys.argv[1])
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # only messages may go over the wire
    voices: dict[str, Any] = {}
    for language, _, model in (one.partition("=") for one in sys.argv[2:]):
        try:
            voices[language] = voice(Path(model))
            for _ in voices[language].synthesize("one"):
                pass
        except Exception as error:
            wire.write(packed({"is": "broken", "why": f"{model}: {error}"}))
            return
    lock, jobs = threading.Lock(), SimpleQueue[Job]()
    for _ in range(threads):
        Mouth(voices, jobs, wire, lock).start()
    wire.write(packed({"is": "ready"}))
    wire.flush()
    while (message := read(sys.stdin.buffer)) is not None:
        jobs.put(message)


if __name__ == "__main__":
    main()
