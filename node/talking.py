"""How the line talks with callers: its texts, its voices and its ears, which share the machine's places."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asr.grammar.check import CHECKS, Check
from core.pool import Pool
from ivr.intents import Intents
from ivr.question import Pace
from ivr.texts import Texts, spoken
from ivr.wording import Both, OwnTexts, Wording, own_texts
from node.hearing import Hears, hearing_all
from node.intents import readers
from node.settings import Settings
from node.speaking import Speaks, recordings, speaks
from tts.comfort import comfort
from tts.sounds import Sound
from tts.voice import Speech


@dataclass(frozen=True, slots=True)
class Talks:
    """`keyed` are the texts for callers who are not listened to; `hears` is None where nobody is.

    `languages` are all that are spoken, the line's own first.
    """

    texts: Texts
    keyed: Texts
    speaks: Speaks
    hears: Hears | None
    wording: Wording
    intents: Intents
    comfort: Sound
    pace: Pace
    account_check: Check
    languages: tuple[str, ...]


def talking(settings: Settings, of_numbers: Iterable[str] = ()) -> Talks:
    """Put it together, for the languages of the line's numbers too.

    Raises BadInput for a prompt, a recording or a model that is wrong.
    """
    pool = Pool(os.cpu_count() or 1)
    always = {"company": settings.line.name}
    shipped = Texts(always)
    further = (shipped.nearest(one) or one for one in (*settings.line.languages, *of_numbers))
    languages = tuple(dict.fromkeys((settings.line.language, *further)))
    hears = hearing_all(settings.hearing, languages, pool)
    recorded = recordings(settings.voice, shipped.names)
    heard = hears.both.hears if hears is not None else lambda _language: False
    words = wording(settings.line.data / "texts", always, recorded.has, heard)
    voices = speaks(settings.voice, settings.line.data, settings.hearing.models, recorded, pool)
    texts = words.used.heard if hears is not None else words.used.keyed
    return Talks(
        texts,
        words.used.keyed,
        voices,
        hears,
        words,
        Intents(readers(settings.hearing, languages)),
        comfort(settings.line.data / "sounds"),
        Pace(first_key_s=settings.line.silence_s, still_there=settings.line.still_there),
        CHECKS[settings.line.account_check],
        languages,
    )


def wording(
    folder: Path,
    always: Mapping[str, str],
    recorded: Callable[[Speech], bool] = lambda _speech: False,
    hears: Callable[[str], bool] = lambda _language: True,
) -> Wording:
    """The line's texts, with the operator's own in that folder; languages that it hears ask for no keys.

    Raises BadInput with every mistake.
    """

    def make(own: OwnTexts) -> Both:
        heard = {name: {**texts, **own.spoken.get(name, {})} for name, texts in spoken(hears).items()}
        both = {name: {**own.texts.get(name, {}), **heard.get(name, {})} for name in {*own.texts, *heard}}
        return Both(Texts(always, both, recorded), Texts(always, own.texts, recorded))

    return Wording(folder, make, make(own_texts(folder)), make(OwnTexts({}, {})))
