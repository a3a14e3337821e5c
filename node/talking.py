"""How the line talks with callers: its texts, its voices and its ears, which share the machine's places."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.pool import Pool
from ivr.texts import Texts, spoken
from ivr.wording import Both, OwnTexts, Wording, own_texts
from node.hearing import Hears, hearing
from node.settings import Settings
from node.speaking import Speaks, recordings, speaks
from tts.voice import Speech


@dataclass(frozen=True, slots=True)
class Talks:
    """`keyed` are the texts for callers who are not listened to; `hears` is None where nobody is."""

    texts: Texts
    keyed: Texts
    speaks: Speaks
    hears: Hears | None
    wording: Wording


def talking(settings: Settings) -> Talks:
    """Put it together. Raises BadInput for a prompt, a recording or a model that is wrong."""
    pool = Pool(os.cpu_count() or 1)
    hears = hearing(settings.hearing, settings.line.language, pool)
    always = {"company": settings.line.name}
    recorded = recordings(settings.voice, Texts(always).names)
    words = wording(settings.line.data / "texts", always, recorded.has)
    voices = speaks(settings.voice, settings.line.data, settings.hearing.models, recorded, pool)
    texts = words.used.heard if hears is not None else words.used.keyed
    return Talks(texts, words.used.keyed, voices, hears, words)


def wording(
    folder: Path, always: Mapping[str, str], recorded: Callable[[Speech], bool] = lambda _speech: False
) -> Wording:
    """The line's texts, with the operator's own in that folder. Raises BadInput with every mistake."""

    def make(own: OwnTexts) -> Both:
        heard = {name: {**texts, **own.spoken.get(name, {})} for name, texts in spoken().items()}
        both = {name: {**own.texts.get(name, {}), **heard.get(name, {})} for name in {*own.texts, *heard}}
        return Both(Texts(always, both, recorded), Texts(always, own.texts, recorded))

    return Wording(folder, make, make(own_texts(folder)), make(OwnTexts({}, {})))
