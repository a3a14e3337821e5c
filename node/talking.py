"""How the line talks with callers: its texts, its voices and its ears, which share the machine's places."""

import os
from dataclasses import dataclass

from core.pool import Pool
from ivr.texts import Texts, spoken
from node.hearing import Hears, hearing
from node.settings import Settings
from node.speaking import Speaks, recordings, speaks


@dataclass(frozen=True, slots=True)
class Talks:
    """`keyed` are the texts for callers who are not listened to; `hears` is None where nobody is."""

    texts: Texts
    keyed: Texts
    speaks: Speaks
    hears: Hears | None


def talking(settings: Settings) -> Talks:
    """Put it together. Raises BadInput for a prompt, a recording or a model that is wrong."""
    pool = Pool(os.cpu_count() or 1)
    hears = hearing(settings.hearing, settings.line.language, pool)
    always = {"company": settings.line.name}
    recorded = recordings(settings.voice, Texts(always).names)
    keyed = Texts(always, None, recorded.has)
    texts = Texts(always, spoken(), recorded.has) if hears is not None else keyed
    voices = speaks(settings.voice, settings.line.data, settings.hearing.models, recorded, pool)
    return Talks(texts, keyed, voices, hears)
