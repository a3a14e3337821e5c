"""A menu: one key out of a few."""

from collections.abc import Mapping
from typing import TypeVar

from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered

T = TypeVar("T")


async def ask_menu(line: Line, name: str, prompt: Prompt, choices: Mapping[str, T]) -> T | Unanswered:
    """Ask for one of the keys in `choices`; what stands behind the key that was pressed."""

    async def understand(keys: str) -> T | None:
        return choices.get(keys)

    answer = await line.ask(Question(name, prompt, understand, zero="0" not in choices))
    if not isinstance(answer, Unanswered):
        line.answered(name, next(key for key, choice in choices.items() if choice == answer))
    return answer


async def ask_yes_no(line: Line, name: str, prompt: Prompt) -> bool | Unanswered:
    """Ask for 1 (yes) or 2 (no)."""
    return await ask_menu(line, name, prompt, {"1": True, "2": False})
