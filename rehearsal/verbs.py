"""The verbs of a rehearsal's steps, and how each is read."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from core.near import did_you_mean
from rehearsal.cards import EXPIRIES, RANDOM, TEST_CARDS, expiry_keys
from rehearsal.fields import Fields
from rehearsal.script import (
    Action,
    CardField,
    ExpectHangUp,
    ExpectTransfer,
    HangUp,
    Hear,
    Phrase,
    Press,
    PressCard,
    Rhythm,
    Speak,
    Wait,
)

PATIENCE_S = 15.0

_KEYS = re.compile(r"[0-9*#A-D]+")
_RECORDINGS = (".wav", ".ulaw")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the file stands, the prompts that are known, and the day."""

    folder: Path
    prompts: Collection[str]
    today: datetime


def _hear(fields: Fields, around: Surroundings) -> Action:
    return _heard(fields, around, "hear", whole=False)


def _hear_all(fields: Fields, around: Surroundings) -> Action:
    return _heard(fields, around, "hear_all", whole=True)


def _heard(fields: Fields, around: Surroundings, verb: str, *, whole: bool) -> Action:
    phrase = Phrase(fields.text(verb))
    fields.check(verb, phrase.text != "", f"`{verb}`: say which prompt, or some of its words")
    if phrase.text and around.prompts and phrase.is_name and phrase.text not in around.prompts:
        fields.wrong(verb, f"no prompt is called `{phrase}`{did_you_mean(phrase.text, around.prompts)}")
    return Hear(phrase, fields.duration_s("within", PATIENCE_S), whole)


def _press(fields: Fields, _: Surroundings) -> Action:
    keys = fields.text("press").replace(" ", "")
    _check_keys(fields, "press", keys)
    return Press(keys, _rhythm(fields))


def _card(fields: Fields, _: Surroundings) -> Action:
    name = fields.text("card")
    keys = TEST_CARDS.get(name, name.replace(" ", ""))
    unknown = f"no test card is called `{name}`{did_you_mean(name, [*TEST_CARDS, RANDOM])}"
    fields.check("card", keys.isdigit() or name == RANDOM, unknown)
    keys = "" if name == RANDOM else keys
    return PressCard(CardField.NUMBER, keys, _then(fields), _rhythm(fields))


def _expiry(fields: Fields, around: Surroundings) -> Action:
    name = fields.text("expiry")
    keys = expiry_keys(name, around.today) if name in EXPIRIES else name.replace("/", "")
    fine = re.fullmatch(r"\d{4}", keys) is not None
    fields.check("expiry", fine, '`expiry`: it is `valid`, `expired`, or month and year such as "12/29"')
    return PressCard(CardField.EXPIRY, keys, _then(fields), _rhythm(fields))


def _code(fields: Fields, _: Surroundings) -> Action:
    keys = fields.text("code")
    fine = re.fullmatch(r"\d{3,4}", keys) is not None
    fields.check("code", fine, '`code`: a security code has 3 or 4 digits: "123"')
    return PressCard(CardField.CODE, keys, _then(fields), _rhythm(fields))


def _speak(fields: Fields, around: Surroundings) -> Action:
    recording = around.folder / fields.text("speak")
    if recording.suffix not in _RECORDINGS:
        fields.wrong("speak", f"`speak`: a recording ends in {' or '.join(_RECORDINGS)}")
    elif not recording.is_file():
        fields.wrong("speak", f"`speak`: there is no {recording}")
    return Speak(recording)


def _wait(fields: Fields, _: Surroundings) -> Action:
    return Wait(fields.duration_s("wait", 0.0))


def _hang_up(fields: Fields, _: Surroundings) -> Action:
    fields.has("hang_up")
    return HangUp()


def _expect_hang_up(fields: Fields, _: Surroundings) -> Action:
    fields.has("expect_hang_up")
    return ExpectHangUp(fields.duration_s("within", PATIENCE_S))


def _expect_transfer(fields: Fields, _: Surroundings) -> Action:
    return ExpectTransfer(fields.text("expect_transfer"), fields.duration_s("within", PATIENCE_S))


VERBS: Mapping[str, Callable[[Fields, Surroundings], Action]] = MappingProxyType(
    {
        "hear": _hear,
        "hear_all": _hear_all,
        "press": _press,
        "card": _card,
        "expiry": _expiry,
        "code": _code,
        "speak": _speak,
        "wait": _wait,
        "hang_up": _hang_up,
        "expect_hang_up": _expect_hang_up,
        "expect_transfer": _expect_transfer,
    }
)
"""Each verb's reader; it notes mistakes in the Fields and returns the step as well as it could be read."""

BARE = frozenset({"hang_up", "expect_hang_up"})
"""Verbs that may stand alone: `- hang_up`."""


def _then(fields: Fields) -> str:
    keys = fields.text("then")
    if keys:
        _check_keys(fields, "then", keys)
    return keys


def _check_keys(fields: Fields, key: str, keys: str) -> None:
    fine = _KEYS.fullmatch(keys) is not None
    fields.check(key, fine, f'`{key}`: keys are 0-9, *, # and A-D, in quotes: "1234#"')


def _rhythm(fields: Fields) -> Rhythm:
    usual = Rhythm()
    rhythm = Rhythm(fields.duration_s("every", usual.every_s), fields.duration_s("held", usual.held_s))
    if rhythm.held_s >= rhythm.every_s:
        fields.wrong("every", "`every` must be longer than `held`: a key is let go before the next one")
    return rhythm
