"""The process that runs Vosk: `python -m asr.engines.vosk.worker MODEL RATE THREADS`.

In: open (phrases), audio, finish, close, each with the number of a hearing. Out: ready or broken; then
heard, partial or final under the number `n` of each audio and finish.
Each hearing stays with one thread, so its messages keep their order; all share one model.
"""

import json
import os
import sys
import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Any, BinaryIO

import vosk  # type: ignore[import-untyped]  # it ships no types

from core.child import Head, packed, read

_UNKNOWN = "[unk]"
_ALTERNATIVES = 3
_WARM_UP_S = 0.3

Job = tuple[Head, bytes]


class Lane(threading.Thread):
    """One thread and the hearings that belong to it."""

    def __init__(self, model: Any, rate_hz: int, out: BinaryIO, lock: threading.Lock) -> None:
        super().__init__(daemon=True)
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        self._model, self._rate_hz, self._out, self._lock = model, rate_hz, out, lock
        self._hearings: dict[int, Any] = {}

    def run(self) -> None:
        """Work until the process ends."""
        while True:
            head, body = self.jobs.get()
            self._do(head, body)

    def _do(self, head: Head, body: bytes) -> None:
        number = head["hearing"]
        match head["do"]:
            case "open":
                self._hearings[number] = recognizer(self._model, self._rate_hz, head["phrases"])
            case "audio":
                self._tell(head, self._heard(number, body, partial=head["partial"]))
            case "finish":
                heard = json.loads(self._hearings[number].FinalResult())
                self._tell(head, {"is": "final", "heard": heard["alternatives"]})
            case "close":
                del self._hearings[number]

    def _heard(self, number: int, body: bytes, *, partial: bool) -> Head:
        hearing = self._hearings[number]
        hearing.AcceptWaveform(body)
        if not partial:
            return {"is": "heard"}
        return {"is": "partial", "text": json.loads(hearing.PartialResult())["partial"]}

    def _tell(self, asked: Head, answer: Head) -> None:
        head = answer | {"hearing": asked["hearing"], "n": asked["n"]}
        with self._lock:
            self._out.write(packed(head))
            self._out.flush()


def recognizer(model: Any, rate_hz: int, phrases: Sequence[str]) -> Any:
    """A recognizer of these phrases, or of free speech when the model knows no word of them.

    Vosk kills the process for a grammar that is not a list of strings with words in it.
    """
    known = [
        phrase for phrase in phrases if all(model.vosk_model_find_word(word) >= 0 for word in phrase.split())
    ]
    made = (
        vosk.KaldiRecognizer(model, rate_hz, json.dumps([*known, _UNKNOWN], ensure_ascii=False))
        if known
        else vosk.KaldiRecognizer(model, rate_hz)
    )
    made.SetWords(True)
    made.SetMaxAlternatives(_ALTERNATIVES)
    return made


def main() -> None:
    """Serve until the parent goes away."""
    folder, rate_hz, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Kaldi prints; only messages may go over the wire
    vosk.SetLogLevel(-1)
    try:
        model = vosk.Model(folder)
        _warm_up(model, rate_hz)
    except Exception as error:
        wire.write(packed({"is": "broken", "why": f"{folder}: {error}"}))
        return
    lock = threading.Lock()
    lanes = [Lane(model, rate_hz, wire, lock) for _ in range(threads)]
    for lane in lanes:
        lane.start()
    wire.write(packed({"is": "ready"}))
    wire.flush()
    while (message := read(sys.stdin.buffer)) is not None:
        lanes[message[0]["hearing"] % threads].jobs.put(message)


def _warm_up(model: Any, rate_hz: int) -> None:
    """Sound at a rate that is not the model's raises here, and not in the first call."""
    trial = recognizer(model, rate_hz, ())
    trial.AcceptWaveform(bytes(2 * round(rate_hz * _WARM_UP_S)))
    trial.FinalResult()


if __name__ == "__main__":
    main()
