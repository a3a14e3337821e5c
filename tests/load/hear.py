"""How well recordings of people are understood, by each recognizer that is there: `asr.*`."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import anyio
from rich.console import Console

from asr.engines.vosk.recognizer import VoskRecognizer
from asr.engines.whisper.recognizer import WhisperRecognizer
from asr.grammar.amount import read_amount
from asr.grammar.answers import read_yes_no
from asr.grammar.digits import read_digits
from asr.grammar.language import language
from asr.grammar.tokens import Phrase, tokens
from asr.intents.classifier import Classifier
from asr.intents.model import load
from asr.recognizer import Final as Heard
from asr.recognizer import Hint, Recognizer
from asr.resample import doubled
from core.audio import Audio, silence
from core.errors import HearingLost
from core.money import Money
from node.intents import TRAINED
from tests.load.figure import Figure
from tests.load.own_models import own_models
from tests.load.trial import Tell
from tests.testpack import Recording, found, frames, recordings
from tts.normalize import words_of

_DUE: Final = Money(100_000, "USD")
_ENGLISH: Final = language("en")
_SEED: Final = 7
_DIGITS: Final = ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_AROUND_S: Final = 0.3  # of silence before and after, as a call has it
_AT_ONCE: Final = 4
_FRAME_S: Final = 0.002  # ten times as fast as people speak
_TRIES, _RESTARTS_S = 4, 2.0  # a recognizer that gets no processor is taken for one that hangs
_MOST: Final = 150  # recordings of a set
_SLOW: Final = 40  # the same for a recognizer that is not streaming
_AMOUNT: Final = ("hundred", "thousand", "and", "point", "half", "all", "dollars", "dollar", "cents", "cent")

Value = Callable[[str], object | None]


@dataclass(frozen=True, slots=True)
class Set:
    """Recordings, what is to be understood from them (None: the words alone), and the words to expect."""

    name: str
    recordings: Sequence[Recording]
    value: Value | None = None
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """Word errors and words; values that were right, by the likeliest text alone and by all alternatives."""

    errors: int
    words: int
    alone: int
    right: int
    of: int


async def hear(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Each recognizer that is here on each set of the test pack, free and hinted; nothing without a pack."""
    pack = found(".")
    if pack is None:
        console.print("  asr: the test pack is absent (TELLERLINE_TESTPACK), so nothing is measured")
        return []
    figures: list[Figure] = []
    sets = _sets()
    for engine in _engines(pack, own_models()):
        async with _running(engine):
            if await says_the_same_to_all(engine, sets):
                console.print(f"  asr: {engine.name} says the same to all: it stands in, and has no accuracy")
                continue
            for number, one in enumerate(sets):
                tell(f"{engine.name} hears {one.name}", number / len(sets))
                figures += await _measured(engine, one, console)
    return figures


async def says_the_same_to_all(engine: Recognizer, sets: Sequence[Set]) -> bool:
    """Whether it hears one sentence in a recording of each set: then it was made for tests of loading."""
    heard = [await _heard(engine, one.recordings[0].audio, Hint("en")) for one in sets if one.recordings]
    return len({one.text for one in heard}) == 1 and bool(heard[0].text)


def _engines(*folders: Path | None) -> Iterable[VoskRecognizer | WhisperRecognizer]:
    """Those that hear English, the test pack's first."""
    for models in (one for one in folders if one is not None):
        for folder in sorted(models.glob("vosk-*en*")):
            yield VoskRecognizer(folder, "en")
        for folder in sorted(models.glob("*whisper-*")):
            yield WhisperRecognizer(folder)


@asynccontextmanager
async def _running(engine: VoskRecognizer | WhisperRecognizer) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        await tasks.start(engine.run)
        yield
        tasks.cancel_scope.cancel()


def _sets() -> list[Set]:
    callers = list(recordings("callers"))

    def of(*texts: str) -> list[Recording]:
        return [one for one in callers if any(part in one.text for part in texts)]

    people = [one for one in callers if one.kind in {"card-digits", "cvv"}]
    wants = Classifier(load(TRAINED / "en.intents"))
    phrases = [one for one in callers if one.kind == "phrase" and wants.guess(one.text).intent]
    numbers = {word for number in range(100) for word in tokens(words_of("en").number(number))}
    yes_no = [one for one in callers if _yes_no(one.text) is not None]
    return [
        Set("dictated", people, _digits, _DIGITS),
        Set("digits", list(recordings("speech-fsdd-test")), _digits, _DIGITS),
        Set("strings", list(recordings("speech-digit-strings")), _digits),
        Set(
            "amounts",
            of("dollars"),
            partial(read_amount, due=_DUE, language=_ENGLISH),
            (*sorted(numbers), *_AMOUNT),
        ),
        Set("yes_no", yes_no, _yes_no, _spoken(_ENGLISH.yes | _ENGLISH.no)),
        Set("intents", phrases, lambda text: wants.guess(text).intent or None),
        Set("words", list(recordings("speech-gsc-words"))),
        Set("read", list(recordings("speech-wer-en"))),
    ]


def _digits(text: str) -> str | None:
    return read_digits(text, _ENGLISH)


def _yes_no(text: str) -> bool | None:
    return read_yes_no(text, _ENGLISH)


def _spoken(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    return tuple(sorted(" ".join(phrase) for phrase in phrases))


async def _measured(engine: Recognizer, one: Set, console: Console) -> list[Figure]:
    free = await _score(engine, one, ())
    hinted = await _score(engine, one, one.phrases) if one.phrases else free
    name = f"asr.{engine.name}.{one.name}"
    console.print(
        f"  {name}: {free.of} of {len(one.recordings)} recordings, {free.words} words; value by likeliest "
        f"text {free.alone}, by all alternatives {free.right}; with a hint {hinted.alone} and {hinted.right}",
        highlight=False,
    )
    with_hint = _pct(hinted.errors, hinted.words)
    wer = Figure(f"{name}.wer", _pct(free.errors, free.words), "%", with_hint, "with the hint")
    if one.value is None:
        return [wer]
    right = _pct(hinted.right, hinted.of)
    alone = _pct(free.alone, free.of)
    return [
        wer,
        Figure(f"{name}.value_accuracy", right, "%", alone, "without hint or alternatives", less=False),
    ]


async def _score(engine: Recognizer, one: Set, phrases: tuple[str, ...]) -> Score:
    most = _MOST if isinstance(engine, VoskRecognizer) else _SLOW
    chosen = Random(_SEED).sample(one.recordings, min(most, len(one.recordings)))
    scores: list[Score] = []
    waiting = iter(chosen)

    async def work() -> None:
        for recording in waiting:
            heard = await _heard(engine, recording.audio, Hint("en", phrases))
            scores.append(_of_one(recording.text, heard, one.value))

    async with anyio.create_task_group() as tasks:
        for _ in range(_AT_ONCE):
            tasks.start_soon(work)
    return Score(
        sum(score.errors for score in scores),
        sum(score.words for score in scores),
        sum(score.alone for score in scores),
        sum(score.right for score in scores),
        len(scores),
    )


async def _heard(engine: Recognizer, audio: Audio, hint: Hint) -> Heard:
    quiet = silence(_AROUND_S, audio.rate_hz).pcm
    sound = Audio(quiet + audio.pcm + quiet, audio.rate_hz)
    for _ in range(_TRIES):
        try:
            return await _once(engine, sound if engine.rate_hz == sound.rate_hz else doubled(sound), hint)
        except HearingLost:
            await anyio.sleep(_RESTARTS_S)
    return Heard("", ("",))


async def _once(engine: Recognizer, sound: Audio, hint: Hint) -> Heard:
    async with engine.hear(hint) as hearing:
        for frame in frames(sound, 0.02):
            hearing.feed(frame)
            await anyio.sleep(_FRAME_S)
        return await hearing.finish()


def _of_one(text: str, heard: Heard, value: Value | None) -> Score:
    said, got = text.split(), heard.text.lower().replace(",", "").replace(".", "").split()
    if value is None:
        return Score(_distance(said, got), len(said), 0, 0, 1)
    wanted = value(text)
    best = next((meant for one in heard.alternatives if (meant := value(one)) is not None), None)
    return Score(_distance(said, got), len(said), value(heard.text) == wanted, best == wanted, 1)


def _distance(said: Sequence[str], got: Sequence[str]) -> int:
    """Levenshtein's, in words."""
    row = list(range(len(got) + 1))
    for at, word in enumerate(said, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(got, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def _pct(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0
