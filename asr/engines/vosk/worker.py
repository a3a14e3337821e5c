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
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import vosk  # type: ignore[import-untyped]  # it ships no types

from core.child import Head, packed, read

_UNKNOWN = "[unk]"
_ALTERNATIVES = 3
_WARM_UP_S = 0.3
_MEMORY_BYTES = 1_000_000
_ERRORS_ALONE = -2  # it warns each time that it makes do with less memory

Job = tuple[Head, bytes]


class Lane(threading.Thread):
    """One thread and the hearings that belong to it."""

    def __init__(self, model: Any, rate_hz: int, out: BinaryIO, lock: threading.Lock) -> None:
        super().__init__(daemon=True)
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        self._model, self._rate_hz, self._out, self._lock = model, rate_hz, out, lock
        self._hearings: dict[int, Any] = {}
        self._closed: set[int] = set()

    def put(self, job: Job) -> None:
        """One more to do; of a hearing that is closed nothing that waits is worth the work."""
        if job[0]["do"] == "close":
            self._closed.add(job[0]["hearing"])
        self.jobs.put(job)

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
            case "audio" if number in self._closed:
                self._tell(head, {"is": "heard"})
            case "audio":
                self._tell(head, self._heard(number, body, partial=head["partial"]))
            case "finish":
                heard = json.loads(self._hearings[number].FinalResult())
                self._tell(head, {"is": "final", "heard": heard["alternatives"]})
            case "close":
                del self._hearings[number]
                self._closed.discard(number)

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


def bounded(folder: Path) -> Any:
    """The model, allowed less memory for what it is not sure of.

    Music or a hum can be anything: with Kaldi's 50 MB it took three times as long as they lasted, and kept
    all other callers waiting; with 1 MB a twentieth, and speech is understood as well.
    """
    settings = folder / "conf" / "model.conf"
    if not settings.exists():
        return vosk.Model(str(folder))
    with TemporaryDirectory() as shadow:
        for part in folder.iterdir():
            if part.name != "conf":
                (Path(shadow) / part.name).symlink_to(part.absolute())
        (Path(shadow) / "conf").mkdir()
        for file in settings.parent.iterdir():
            (Path(shadow) / "conf" / file.name).symlink_to(file.absolute())
        changed = Path(shadow) / "conf" / settings.name
        changed.unlink()
        changed.write_text(f"{settings.read_text().rstrip()}\n--max-mem={_MEMORY_BYTES}\n")
        return vosk.Model(shadow)


def main() -> None:
    """Serve until the parent goes away."""
    folder, rate_hz, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    wire = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Kaldi prints; only messages may go over the wire
    vosk.SetLogLevel(_ERRORS_ALONE)
    try:
        model = bounded(Path(folder))
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
        lanes[message[0]["hearing"] % threads].put(message)


def _warm_up(model: Any, rate_hz: int) -> None:
    """Sound at a rate that is not the model's raises here, and not in the first call."""
    trial = recognizer(model, rate_hz, ())
    trial.AcceptWaveform(bytes(2 * round(rate_hz * _WARM_UP_S)))
    trial.FinalResult()


if __name__ == "__main__":
    main()
