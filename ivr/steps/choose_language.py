"""Another language by a key: at once when there is one other, else from a menu in all of them."""

from typing import Final

from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered

KEY: Final = "8"
_MOST: Final = 9


def invitations(line: Line) -> tuple[Prompt, ...]:
    """What is said to those who speak another language, in theirs."""
    return tuple(Prompt("switch_language").spoken_in(one) for one in _others(line))


async def choose_language(line: Line) -> None:
    """Go on in the language that is chosen; nothing changes when none is."""
    others = _others(line)
    if len(others) <= 1:
        chosen: str | Unanswered = others[0] if others else Unanswered.NO_MATCH
    else:
        chosen = await _from_menu(line, others)
    if not isinstance(chosen, Unanswered):
        line.speak(chosen)


async def _from_menu(line: Line, others: list[str]) -> str | Unanswered:
    keys = {str(place): one for place, one in enumerate(others[:_MOST], start=1)}

    async def understand(pressed: str) -> str | None:
        return keys.get(pressed)

    first, *rest = [Prompt("choose_language", key=int(key)).spoken_in(one) for key, one in keys.items()]
    question = Question("language", first, understand, no_input=(), no_match=(first,), also=tuple(rest))
    return await line.ask(question)


def _others(line: Line) -> list[str]:
    return [one for one in line.languages if one != line.language]
