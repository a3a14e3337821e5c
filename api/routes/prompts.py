"""What the line says: read, changed for the next call, and heard before; below `/v1/prompts`."""

from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints

from api.etag import told_with_version, version_of
from api.paging import Page
from api.problem import NoSuch
from api.route import Asked, Route, Table
from api.scopes import Scope
from core.errors import BadInput, Outdated
from ivr.wording import Wording
from tts.sounds import Sound, Sounds
from tts.voice import Speech
from tts.wav import wav_head

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


@dataclass(frozen=True, slots=True)
class Prompts:
    """What these routes work with."""

    wording: Wording
    sounds: Sounds


class LanguageOut(BaseModel):
    """A language that the line speaks, and how many of its prompts the operator says otherwise."""

    language: str
    own: int


class PromptOut(BaseModel):
    """A prompt: `text` is said to callers who key, `spoken` to those who are listened to.

    `shipped` and `shipped_spoken` are how it is said as we ship it; `placeholders` are filled on the call.
    """

    name: str
    text: str
    spoken: str
    shipped: str
    shipped_spoken: str
    placeholders: list[str]


class LanguageTexts(BaseModel):
    """All prompts of a language."""

    language: str
    prompts: list[PromptOut]


class TextsOrder(BaseModel, extra="forbid"):
    """Prompts that are said otherwise from the next call on; null says one as shipped again."""

    prompts: dict[str, Text | None] = Field({}, max_length=500)
    spoken: dict[str, Text | None] = Field({}, max_length=500)


class Preview(BaseModel, extra="forbid"):
    """What is to be heard, in which language; words in braces are spoken as they stand."""

    language: str = Field(min_length=2, max_length=10)
    text: Text


def routes(prompts: Prompts) -> Table:
    """The routes."""
    wording = prompts.wording

    async def languages(_asked: Asked[None, None]) -> Page[LanguageOut]:
        return Page(data=[_language(wording, one) for one in wording.used.keyed.languages])

    async def one(asked: Asked[None, None]) -> web.Response:
        return _told(wording, asked.part("language"))

    async def put(asked: Asked[None, TextsOrder]) -> web.Response:
        language = asked.part("language")
        _known(wording, language)
        version = version_of(asked.request)
        if version is not None and version != wording.version(language):
            raise Outdated("these texts were changed meanwhile: read them again")
        wording.change(language, asked.body.prompts, asked.body.spoken)
        return _told(wording, language)

    async def preview(asked: Asked[None, Preview]) -> web.Response:
        language = asked.body.language
        if language not in wording.used.keyed.languages:
            raise BadInput(f"the line does not speak {language!r}")
        speech = Speech(asked.body.text.replace("{", "").replace("}", ""), language)
        sound = await prompts.sounds.sound(speech)
        body = await anyio.to_thread.run_sync(_wav, sound)
        return web.Response(body=body, content_type="audio/wav", headers={"Cache-Control": "no-store"})

    read, write = Scope.PROMPTS_READ, Scope.PROMPTS_WRITE
    named = "/v1/prompts/{language}"
    return [
        Route("GET", "/v1/prompts", languages, read, "The languages", answer=Page[LanguageOut]),
        Route("GET", named, one, read, "All prompts of one", answer=LanguageTexts, edits=True),
        Route(
            "PUT",
            named,
            put,
            write,
            "Say prompts otherwise, from the next call on",
            body=TextsOrder,
            answer=LanguageTexts,
            edits=True,
        ),
        Route(
            "POST",
            "/v1/prompts/preview",
            preview,
            write,
            "Hear a text as the line would say it",
            body=Preview,
            media="audio/wav",
            replays=False,
        ),
    ]


def _wav(sound: Sound) -> bytes:
    """The file that a cache keeps for switches that play 16 kHz (tts.shelf)."""
    pcm = sound.path.with_name(f"{sound.path.name}.sln16").read_bytes()
    return wav_head(16_000, len(pcm)) + pcm


def _known(wording: Wording, language: str) -> None:
    if language not in wording.used.keyed.languages:
        raise NoSuch("language", language)


def _language(wording: Wording, language: str) -> LanguageOut:
    own = sum(
        used.text(name, language) != shipped.text(name, language)
        for used, shipped in (
            (wording.used.keyed, wording.shipped.keyed),
            (wording.used.heard, wording.shipped.heard),
        )
        for name in used.names
    )
    return LanguageOut(language=language, own=own)


def _told(wording: Wording, language: str) -> web.Response:
    _known(wording, language)
    used, shipped = wording.used, wording.shipped
    shown = [
        PromptOut(
            name=name,
            text=used.keyed.text(name, language),
            spoken=used.heard.text(name, language),
            shipped=shipped.keyed.text(name, language),
            shipped_spoken=shipped.heard.text(name, language),
            placeholders=sorted(used.keyed.placeholders(name)),
        )
        for name in used.keyed.names
    ]
    return told_with_version(LanguageTexts(language=language, prompts=shown), wording.version(language))
