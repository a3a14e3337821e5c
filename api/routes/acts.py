"""What is done to a call that is up: ended, sent on, spoken to, made to wait; below `/v1/calls/{id}`."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field, StringConstraints

from api.problem import NotDone
from api.route import AnyRoute, Asked, Route, Table
from api.scopes import Scope
from core.errors import BadInput
from core.ids import CallId
from core.money import Money
from ivr.hand import Hand, NoSuchCall
from ivr.prompt import Prompt, Value
from pbx.call import NotReached

B = TypeVar("B")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Transfer(BaseModel, extra="forbid"):
    """Where a call is sent on to: an extension, a queue or a number."""

    to: str = Field(min_length=1, max_length=64)


class Keys(BaseModel, extra="forbid"):
    """What the caller's end hears."""

    keys: str = Field(min_length=1, max_length=32, pattern=r"^[0-9A-D*#]+$")


class Amount(BaseModel, extra="forbid"):
    """Money that a prompt speaks of."""

    amount_minor: int = Field(ge=0, le=10**12)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Play(BaseModel, extra="forbid"):
    """What is said: a text, or a prompt with the values that it wants."""

    text: Text | None = None
    prompt: str | None = Field(None, min_length=1, max_length=64)
    values: dict[str, Amount | int | Text] = Field({}, max_length=10)


class Language(BaseModel, extra="forbid"):
    """Which language the line goes on in."""

    language: str = Field(min_length=2, max_length=10)


class Silence(BaseModel, extra="forbid"):
    """Whether a question that nobody answers is asked again; if not, the line waits."""

    detect: bool


class Done(BaseModel):
    """It was done."""

    call: str
    done: Literal[True] = True


def routes(hand: Hand) -> Table:
    """The acts."""

    async def hang_up(asked: Asked[None, None]) -> Done:
        await hand.hang_up(up(hand, asked.part("id")))
        return Done(call=asked.part("id"))

    async def transfer(asked: Asked[None, Transfer]) -> Done:
        outcome = await hand.transfer(up(hand, asked.part("id")), asked.body.to)
        if isinstance(outcome, NotReached):
            why = outcome.cause.name.lower().replace("_", " ")
            raise NotDone(409, "not_reached", f"{outcome.to} was not reached: {why}")
        return Done(call=asked.part("id"))

    async def press(asked: Asked[None, Keys]) -> Done:
        await hand.press(up(hand, asked.part("id")), asked.body.keys)
        return Done(call=asked.part("id"))

    async def play(asked: Asked[None, Play]) -> Done:
        await hand.say(up(hand, asked.part("id")), _what(asked.body))
        return Done(call=asked.part("id"))

    async def speak(asked: Asked[None, Language]) -> Done:
        hand.speak(up(hand, asked.part("id")), asked.body.language)
        return Done(call=asked.part("id"))

    async def silence(asked: Asked[None, Silence]) -> Done:
        hand.mind_silence(up(hand, asked.part("id")), minds=asked.body.detect)
        return Done(call=asked.part("id"))

    return [
        _act("hangup", hang_up, "End a call"),
        _act("transfer", transfer, "Send a call on, for good", Transfer),
        _act("dtmf", press, "Have the caller's end hear keys", Keys),
        _act("play", play, "Say a text or a prompt, beside what the flow says", Play),
        _act("language", speak, "Go on in another language", Language),
        _act("silence", silence, "Ask again when nobody answers, or wait", Silence),
    ]


def _act(
    word: str,
    handler: Callable[[Asked[None, B]], Awaitable[Done]],
    summary: str,
    body: type[B] | None = None,
) -> AnyRoute:
    path = f"/v1/calls/{{id}}/{word}"
    act = Scope.CALLS_ACT
    return Route("POST", path, handler, act, summary, body=body, answer=Done, at_call="id")


def up(hand: Hand, name: str) -> CallId:
    """The call, when it is up on this node. Raises 404."""
    try:
        hand.check(CallId(name))
    except NoSuchCall as error:
        raise NotDone(404, "not_found", str(error)) from error
    return CallId(name)


def _what(asked: Play) -> Prompt | str:
    match asked.text, asked.prompt:
        case str(text), None:
            return text
        case None, str(name):
            values = {key: _value(value) for key, value in asked.values.items()}
            return Prompt(name, **values)
        case _:
            raise BadInput("name either a text or a prompt")


def _value(value: Amount | int | str) -> Value:
    return Money(value.amount_minor, value.currency) if isinstance(value, Amount) else value
