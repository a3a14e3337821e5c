"""Leads a caller through a written flow, by the same steps that our own flows are made of."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from asr.grammar.check import CHECKS
from core.errors import BadInput
from core.money import Money
from ivr.accounts import Account
from ivr.flows.balance import tell_due
from ivr.flows.call_back import ask_to_be_called
from ivr.flows.dispute import take_dispute
from ivr.flows.front_desk import Serve
from ivr.flows.pay_bill import take_payment
from ivr.flows.send_link import send_link
from ivr.flows.speak_to_agent import give_up, speak_to_agent
from ivr.handover import Connected
from ivr.line import Line
from ivr.prompt import Digits as Spelled
from ivr.prompt import Prompt, Value, masked
from ivr.question import NO_MATCH, Question, Unanswered
from ivr.result import CallResult
from ivr.services import Flow, Flows, Services
from ivr.steps.account import ask_account, ending
from ivr.steps.amount import ask_amount
from ivr.steps.choose_language import choose_language
from ivr.steps.day import ask_day
from ivr.steps.menu import ask_menu, ask_yes_no
from ivr.texts import placeholders
from ivr.written.anatomy import asked
from ivr.written.cases import Kept, fits
from ivr.written.flow import AnyStep, Asking, Written
from ivr.written.says import words_of
from ivr.written.steps import (
    AskAmount,
    AskDate,
    Branch,
    Connect,
    Digits,
    Do,
    Menu,
    Run,
    Say,
    Transfer,
    WhenOpen,
    YesNo,
)
from ivr.written.words import ANY, Says
from pbx.call import Transferred

_MOST: Final = 300  # steps in one call: whoever takes more is not getting anywhere


def leads(written: Written, flows: Flows) -> Flow:
    """A flow for the line. `flows` are those that it may go on in."""

    async def lead(line: Line, services: Services) -> CallResult:
        return await _Walk(line, services, written, flows).run()

    lead.__doc__ = written.head.about
    return lead


class _Walk:
    """One call's way; its facts live here as they do in the local variables of our own flows."""

    def __init__(self, line: Line, services: Services, written: Written, flows: Flows) -> None:
        self._line, self._services = line, services
        self._written, self._flows = written, flows
        self._values: dict[str, Kept] = {}
        self._account: Account | None = None

    async def run(self) -> CallResult:
        """From the first step on, until the call is over for us."""
        self._line.keep_to(self._written.languages)
        to: str | CallResult = next(iter(self._written.steps))
        for _ in range(_MOST):
            if isinstance(to, CallResult):
                return to
            if to not in self._written.steps:
                return await self._end(to)
            self._line.reached(self._written.name, to)
            to = await self._take(to, self._written.steps[to])
        return await give_up(self._line, self._services, Unanswered.NO_MATCH)

    async def _end(self, how: str) -> CallResult:
        match how:
            case "person":
                return await speak_to_agent(self._line, self._services)
            case "goodbye":
                await self._line.say(Prompt("goodbye"))
        return self._line.came_to

    async def _take(self, name: str, step: AnyStep) -> str | CallResult:
        """Where it goes on, or how the call ended."""
        match step:
            case Say():
                await self._line.say(self._prompt(name, step.say))
                return step.then
            case Branch() | WhenOpen():
                return self._branch(step)
            case Do():
                return await self._do(step)
            case Run():
                return await self._flows[step.run](self._line, self._services)
            case Connect() | Transfer():
                return await self._hand_over(name, step)
            case _:
                return await self._ask(name, step)

    def _branch(self, step: Branch | WhenOpen) -> str:
        if isinstance(step, WhenOpen):
            hours = self._written.head.hours[step.hours]
            return step.open if hours.is_open(self._services.clock.now()) else step.closed
        value = self._values[step.branch]
        return next((to for case, to in step.cases.items() if fits(case, value)), step.otherwise)

    async def _ask(self, name: str, step: Asking) -> str | CallResult:
        answer = await self._answer(f"{self._written.name}.{name}", self._prompt(name, asked(step)), step)
        if isinstance(answer, Unanswered):
            silent = answer in (Unanswered.NO_INPUT, Unanswered.NO_MATCH)
            if silent and step.otherwise is not None:
                return step.otherwise
            return await give_up(self._line, self._services, answer)
        if step.as_ is not None:
            self._values[step.as_] = answer
        match step:
            case Menu():
                return step.keys[str(answer)].then
            case YesNo():
                return step.yes if answer else step.no
            case _:
                return step.then

    async def _answer(self, question: str, prompt: Prompt, step: Asking) -> Kept | Unanswered:
        match step:
            case Menu():
                return await ask_menu(
                    self._line, question, prompt, {key: key for key in step.keys}, _phrases(step)
                )
            case YesNo():
                return await ask_yes_no(self._line, question, prompt)
            case AskAmount():
                amount = await ask_amount(self._line, step.most, question, prompt)
                return self._noted(question, amount, str(amount))
            case AskDate():
                day = await ask_day(self._line, self._services.clock.now().date(), question, prompt)
                return self._noted(question, day, str(day))
            case Digits():
                wrong = [self._prompt(question, step.wrong)] if step.wrong is not None else []
                given = await self._line.ask(_digits(question, prompt, step, wrong))
                return self._noted(
                    question, given, "x" * len(str(given)) if step.masked else masked(str(given))
                )

    def _noted(self, question: str, answer: Kept | Unanswered, value: str) -> Kept | Unanswered:
        if not isinstance(answer, Unanswered):
            self._line.answered(question, value)
        return answer

    async def _do(self, step: Do) -> str | CallResult:
        if step.do == "choose_language":
            await choose_language(self._line)
            return step.then
        before = self._line.result
        came = await _SERVES[step.do](self._line, self._services, self._account)
        if isinstance(came, CallResult):
            return came
        if isinstance(came, Unanswered):
            return await give_up(self._line, self._services, came)
        self._account = came or self._account
        if self._account is not None:
            self._values |= {"due": self._account.due, "ending": ending(self._account).text}
        if step.do == "take_payment" and step.paid is not None and self._line.result is CallResult.PAID:
            return step.paid
        if before is CallResult.PAID:
            self._line.result = before  # what comes after a payment does not make it less of one
        return step.then

    async def _hand_over(self, name: str, step: Connect | Transfer) -> str | CallResult:
        with suppress(BadInput):  # nobody is called so any more
            if isinstance(step, Transfer):
                if isinstance(await self._line.transfer(step.transfer), Transferred):
                    return CallResult.TRANSFERRED
            else:
                whisper = self._prompt(name, step.whisper) if step.whisper is not None else None
                if isinstance(await self._line.connect(step.connect, whisper), Connected):
                    return step.then
        if self._line.result is CallResult.HUNG_UP:
            self._line.result = CallResult.AGENT_NOT_REACHED
        return step.nobody

    def _prompt(self, name: str, said: Says) -> Prompt:
        """What is said, with the values that it speaks of."""
        given = said.get(ANY, "")
        if given in self._written.prompts:
            return Prompt.written(given, {}, **self._spoken(self._written.prompts[given]))
        words = words_of(said, self._written.languages)
        named = frozenset[str]().union(*(placeholders(text) for text in words.values()))
        return Prompt.written(f"{self._written.name}.{name}", words, **self._spoken(named))

    def _spoken(self, names: frozenset[str]) -> Mapping[str, Value]:
        return {name: _said(value) for name, value in self._values.items() if name in names}


async def _find_bill(line: Line, services: Services, account: Account | None) -> Account | Unanswered:
    return account or await ask_account(line, services.accounts, services.account_check)


_SERVES: Final[Mapping[str, Serve]] = {
    "find_bill": _find_bill,
    "tell_due": tell_due,
    "take_payment": take_payment,
    "send_link": send_link,
    "take_call_back": ask_to_be_called,
    "take_dispute": take_dispute,
}


def _digits(name: str, prompt: Prompt, step: Digits, wrong: list[Prompt]) -> Question[str]:
    check = CHECKS[step.check]

    async def understand(keys: str) -> str | None:
        return keys if keys.isdecimal() and step.least <= len(keys) and check(keys) else None

    return Question(
        name,
        prompt,
        understand,
        max_keys=step.most,
        no_match=(*wrong, NO_MATCH[-1]) if wrong else NO_MATCH,
        spoken=lambda language: language.digits(step.most, check),
    )


def _phrases(step: Menu) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """What may be said instead of keys, by language and key."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, choice in step.keys.items():
        for language, ways in choice.words.items():
            found.setdefault(language, {})[key] = ways
    return found


def _said(value: Kept) -> Value:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return Spelled(value)
        case Money():
            return value
        case _:
            return value
