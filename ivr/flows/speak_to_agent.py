"""The flow that hands the caller to a person."""

from typing import Final

from ivr.handover import Connected
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.menu import ask_yes_no
from pbx.call import NotReached

_TRIES: Final = 3


async def speak_to_agent(line: Line, services: Services) -> CallResult:
    """Ring the agents while the caller hears music; offer to try again when nobody answers."""
    if not services.agents:
        return await _nobody(line, Prompt("no_agents"))
    for _ in range(_TRIES):
        await line.say(Prompt("connecting"))
        match await line.connect(services.agents, whisper=Prompt("agent_whisper")):
            case Connected():
                await line.say(Prompt("goodbye"))
                return CallResult.SPOKE_TO_AGENT
            case NotReached():
                again = await ask_yes_no(line, "try again", Prompt("agent_not_reached"))
                if again is False or again is Unanswered.NO_INPUT:
                    return await _nobody(line, Prompt("goodbye"))
    return await _nobody(line, Prompt("no_agents"))


async def give_up(line: Line, services: Services, why: Unanswered) -> CallResult:
    """A question stayed without an answer: a person for who wants or needs one, good-bye to the silent."""
    match why:
        case Unanswered.PERSON | Unanswered.UPSET:
            return await speak_to_agent(line, services)
        case Unanswered.NO_MATCH:
            return await offer_person(line, services, CallResult.NO_MATCH)
        case Unanswered.NO_INPUT:
            await line.say(Prompt("goodbye"))
            return CallResult.NO_INPUT


async def offer_person(line: Line, services: Services, otherwise: CallResult) -> CallResult:
    """Ask whether the caller wants a person; `otherwise` is what the call came to when not."""
    wish = await ask_yes_no(line, "person", Prompt("offer_person")) if services.agents else False
    if wish is True or wish in (Unanswered.PERSON, Unanswered.UPSET):
        return await speak_to_agent(line, services)
    await line.say(Prompt("goodbye"))
    return otherwise


async def _nobody(line: Line, prompt: Prompt) -> CallResult:
    await line.say(prompt)
    return CallResult.AGENT_NOT_REACHED
