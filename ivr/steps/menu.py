"""A menu: one key out of a few."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from asr.expect import Expectation
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered
from ivr.spoken import Phrases, SpokenLanguage

T = TypeVar("T")


async def ask_menu(
    line: Line,
    name: str,
    prompt: Prompt,
    choices: Mapping[str, T],
    phrases: Mapping[str, Phrases] | None = None,
) -> T | Unanswered:
    """Ask for one of the keys in `choices`; what stands behind the key that was pressed.

    `phrases` tells by language and key what may be said instead, where our own files do not.
    """

    async def understand(keys: str) -> T | None:
        return choices.get(keys)

    def spoken(language: SpokenLanguage) -> Expectation[str]:
        mine = (phrases or {}).get(line.language)
        known = replace(language, phrases={**language.phrases, name: mine}) if mine else language
        return known.menu(name, tuple(choices))

    answer = await line.ask(Question(name, prompt, understand, zero="0" not in choices, spoken=spoken))
    if not isinstance(answer, Unanswered):
        line.answered(name, next(key for key, choice in choices.items() if choice == answer))
    return answer


async def ask_yes_no(line: Line, name: str, prompt: Prompt) -> bool | Unanswered:
    """Ask for a yes (1) or a no (2)."""

    async def understand(keys: str) -> bool | None:
        return {"1": True, "2": False}.get(keys)

    answer = await line.ask(Question(name, prompt, understand, spoken=lambda language: language.yes_no(name)))
    if not isinstance(answer, Unanswered):
        line.answered(name, "1" if answer else "2")
    return answer
