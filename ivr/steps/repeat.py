"""Something worth hearing twice: it is said, and said again when the caller presses star."""

from typing import Final

from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Star

_REPEATS: Final = 5


async def say_and_repeat(line: Line, name: str, prompt: Prompt) -> None:
    """Say it whole; `*` says it again, a few times at most. Any other key, or silence, goes on."""

    async def understand(keys: str) -> str:
        return keys

    hear_again = Question(
        name, Prompt("hear_again"), understand, star=Star.ANSWER, no_input=(), no_match=(), zero=False
    )
    for _ in range(1 + _REPEATS):
        await line.say(prompt)
        if await line.ask(hear_again) != "*":
            return
