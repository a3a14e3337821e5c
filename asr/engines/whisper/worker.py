"""The process that runs Whisper: `python -m asr.engines.whisper.worker MODEL WORKERS`.

In: hear (language, phrases; 16 kHz sound), forget, each under the number of a hearing. Out: ready or
broken; then final under the number `n`. Each worker computes on one thread: as many run at once as there
are cores.
"""

import math
import os
import sys
import threading
from queue import SimpleQueue
from typing import Any, BinaryIO

os.environ["HF_HUB_OFFLINE"] = "1"  # before the import: nothing is ever fetched

import numpy as np
from faster_whisper import WhisperModel  # type: ignore[import-untyped]  # it ships no types

from core.child import Head, packed, read

_FULL_SCALE = 32768.0
_RATE_HZ = 16_000
_TOKENS_A_SECOND = 10  # faster than anybody speaks: what goes on longer has lost its way
_FEWEST_TOKENS = 24
_NICE = 10  # after calls, keys and the first ear

Job = tuple[Head, bytes]


class Ear:
    """One model, and the answers that nobody waits for any more."""

    def __init__(self, folder: str, workers: int, out: BinaryIO) -> None:
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        self._model = WhisperModel(
            folder,
            device="cpu",
            compute_type="int8",
            cpu_threads=1,
            num_workers=workers,
            local_files_only=True,
        )
        self._out, self._lock = out, threading.Lock()
        self._forgotten: set[int] = set()

    def forget(self, number: int) -> None:
        """Nobody waits for it any more."""
        self._forgotten.add(number)

    def warm_up(self) -> None:
        """A second of hiss goes all the way: a folder or a rate that does not fit fails here."""
        hiss = np.random.default_rng(1).normal(0, 300, _RATE_HZ).astype("<i2").tobytes()
        self._heard({"language": "en", "phrases": []}, hiss)

    def work(self) -> None:
        """Until the process ends."""
        while True:
            head, body = self.jobs.get()
            if head["hearing"] in self._forgotten:
                self._forgotten.discard(head["hearing"])
                self._tell(head, [])
            else:
                self._tell(head, self._heard(head, body))

    def _heard(self, head: Head, body: bytes) -> list[Head]:
        sound = np.frombuffer(body, "<i2").astype(np.float32) / _FULL_SCALE
        tokens = max(_FEWEST_TOKENS, math.ceil(len(sound) / _RATE_HZ * _TOKENS_A_SECOND))
        segments, _ = self._model.transcribe(
            sound,
            language=head["language"] if self._model.model.is_multilingual else "en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            max_new_tokens=min(tokens, 220),
            hotwords=", ".join(head["phrases"]) or None,
        )
        return [_told(segment) for segment in segments]

    def _tell(self, asked: Head, segments: list[Head]) -> None:
        head = {"hearing": asked["hearing"], "n": asked["n"], "is": "final", "segments": segments}
        with self._lock:
            self._out.write(packed(head))
            self._out.flush()


def _told(segment: Any) -> Head:
    return {
        "text": segment.text.strip(),
        "confidence": math.exp(segment.avg_logprob) * (1 - segment.no_speech_prob),
        "from_s": segment.start,
        "to_s": segment.end,
    }


def main() -> None:
    """Serve until the parent goes away."""
    folder, workers = sys.argv[1], int(sys.argv[2])
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # only messages may go over the wire
    os.nice(_NICE)
    try:
        ear = Ear(folder, workers, wire)
        ear.warm_up()
    except Exception as error:
        wire.write(packed({"is": "broken", "why": f"{folder}: {error}"}))
        return
    for _ in range(workers):
        threading.Thread(target=ear.work, daemon=True).start()
    wire.write(packed({"is": "ready"}))
    wire.flush()
    while (message := read(sys.stdin.buffer)) is not None:
        if message[0]["do"] == "forget":
            ear.forget(message[0]["hearing"])
        else:
            ear.jobs.put(message)


if __name__ == "__main__":
    main()
