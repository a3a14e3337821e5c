"""The flow that asks how it can help, in free speech or by a menu, and does what is wanted."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Final

from asr.expect import Expectation
from ivr.accounts import Account
from ivr.flows.balance import tell_balance
from ivr.flows.call_back import ask_to_be_called
from ivr.flows.dispute import take_dispute
from ivr.flows.pay_bill import find_and_pay
from ivr.flows.send_link import send_link
from ivr.flows.speak_to_agent import give_up, speak_to_agent
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import NO_INPUT, Question, Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.spoken import WORDS, SpokenLanguage
from ivr.steps.choose_language import KEY, choose_language, invitations

_MOST: Final = 10  # things that are done in one call


class Want(Enum):
    """What a caller wants, by the name of its intent."""

    PAY = "pay_bill"
    BALANCE = "balance"
    PERSON = "person"
    DISPUTE = "dispute"
    CALL_BACK = "call_back"
    LINK = "send_link"
    REPEAT = "repeat"
    STOP = "stop"
    LANGUAGE = "language"


_BY_KEY: Final[Mapping[str, Want]] = {
    "1": Want.PAY,
    "2": Want.BALANCE,
    "3": Want.DISPUTE,
    "4": Want.CALL_BACK,
    "5": Want.LINK,
    KEY: Want.LANGUAGE,
    "9": Want.STOP,
}
_BY_INTENT: Final = {want.value: want for want in Want}


Serve = Callable[[Line, Services, Account | None], Awaitable[Account | CallResult | Unanswered | None]]
"""Gives the account that it was about, or how the call ended, or why a question had no answer."""

_SERVES: Final[Mapping[Want, Serve]] = {
    Want.PAY: find_and_pay,
    Want.BALANCE: tell_balance,
    Want.DISPUTE: take_dispute,
    Want.CALL_BACK: ask_to_be_called,
    Want.LINK: send_link,
}


async def front_desk(line: Line, services: Services) -> CallResult:
    """Greet, ask, do it, and ask again until nothing more is wanted."""
    await line.say(Prompt("desk_greeting"))
    prompt, account = Prompt("how_can_i_help"), None
    for _ in range(_MOST):
        want = await _ask(line, services, prompt)
        match want:
            case Unanswered():
                return await _end(line, services, want)
            case Want.PERSON:
                return await speak_to_agent(line, services)
            case Want.STOP:
                break
            case Want.REPEAT:
                prompt = Prompt("how_can_i_help")
            case Want.LANGUAGE:
                await choose_language(line)
            case _:
                came = await _SERVES[want](line, services, account)
                if isinstance(came, Unanswered):
                    return await give_up(line, services, came)
                if isinstance(came, CallResult):
                    return came
                account, prompt = came or account, Prompt("anything_else")
    await line.say(Prompt("goodbye"))
    return line.came_to


async def _ask(line: Line, services: Services, prompt: Prompt) -> Want | Unanswered:
    name = prompt.name.replace("_", " ")

    async def understand(said: str) -> Want | None:
        if not said.startswith(WORDS) or services.intents is None:
            return _BY_KEY.get(said)
        return _BY_INTENT.get(await services.intents.read(said.removeprefix(WORDS), line.language))

    def spoken(language: SpokenLanguage) -> Expectation[str]:
        return language.open(name, tuple(_BY_KEY), clear)

    def clear(text: str) -> bool:
        return services.intents is not None and services.intents.clear(text, line.language)

    question = Question(
        name,
        prompt,
        understand,
        no_input=NO_INPUT,
        no_match=(Prompt("help_examples"), Prompt("no_match_again")),
        spoken=spoken,
        also=invitations(line) if line.result is CallResult.HUNG_UP else (),
    )
    want = await line.ask(question)
    if not isinstance(want, Unanswered):
        line.answered(name, want.value)
    return want


async def _end(line: Line, services: Services, why: Unanswered) -> CallResult:
    """Who got what they wanted, and says no more, is let go."""
    if why is Unanswered.NO_INPUT and line.result is not CallResult.HUNG_UP:
        await line.say(Prompt("goodbye"))
        return line.result
    return await give_up(line, services, why)
