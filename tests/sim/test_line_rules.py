"""The rules of every question: interrupting, typing ahead, repeating, pausing, giving up."""

import anyio
import pytest

from core.events import Pressed, Said, SaidAll
from ivr.line import Line
from ivr.prompt import Prompt
from ivr.question import Question, Unanswered
from ivr.result import CallResult
from ivr.services import Services
from ivr.steps.menu import ask_yes_no
from pbx.fake.phone import Phone, Script, silent
from tests.sim.house import SimHouse, open_house

pytestmark = pytest.mark.anyio


async def _even(keys: str) -> str | None:
    return keys if keys in {"2468", "24", "2"} else None


QUESTION = Question("account", Prompt("ask_account"), _even, max_keys=4)


class Asker:
    """A flow that says something, asks one question and keeps the answer."""

    def __init__(self, question: Question[str] = QUESTION) -> None:
        self.question = question
        self.answers: list[str | Unanswered] = []

    async def __call__(self, line: Line, _services: Services) -> CallResult:
        await line.say(Prompt("greeting"))
        answer = await line.ask(self.question)
        self.answers.append(answer)
        return CallResult.NOTHING_DUE


async def _asked(asker: Asker, script: Script) -> list[str]:
    """Let a caller meet the asker; the prompts that began."""
    async with open_house(flows={"pay_bill": asker}) as house:
        await house.call(script)
        return [fact.prompt for fact in house.told(Said)]


async def _told(script: Script) -> SimHouse:
    async with open_house(flows={"pay_bill": Asker()}) as house:
        await house.call(script)
    return house


async def test_a_key_cuts_the_question_short() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("24#")

    house = await _told(script)
    assert [fact.interrupted for fact in house.told(SaidAll)] == [False, True]


async def test_what_is_pressed_during_an_announcement_answers_the_next_question() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("Hello")
        await phone.press("24#")

    asker = Asker()
    assert await _asked(asker, script) == ["greeting"]
    assert asker.answers == ["24"]


async def test_enough_keys_are_taken_without_pound() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("2468")

    asker = Asker()
    await _asked(asker, script)
    assert asker.answers == ["2468"]


async def test_a_pause_ends_the_answer() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("24")

    asker = Asker()
    await _asked(asker, script)
    assert asker.answers == ["24"]


async def test_star_first_says_the_question_again_and_costs_no_attempt() -> None:
    async def script(phone: Phone) -> None:
        for _ in range(4):
            await phone.hears("enter your account number")
            await phone.press("*")
        await phone.hears("enter your account number")
        await phone.press("24#")

    asker = Asker()
    assert await _asked(asker, script) == ["greeting", *["ask_account"] * 5]
    assert asker.answers == ["24"]


async def test_star_after_digits_drops_them() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("999*24#")

    asker = Asker()
    await _asked(asker, script)
    assert asker.answers == ["24"]


async def test_wrong_answers_are_told_ever_more_and_then_given_up() -> None:
    async def script(phone: Phone) -> None:
        for _ in range(3):
            await phone.hears("enter your account number")
            await phone.press("13#")

    asker = Asker()
    said = await _asked(asker, script)
    assert said[1:] == ["ask_account", "no_match", "ask_account", "no_match_again", "ask_account"]
    assert asker.answers == [Unanswered.NO_MATCH]


async def test_silence_is_told_ever_more_and_then_given_up() -> None:
    asker = Asker()
    said = await _asked(asker, silent)
    assert said[1:] == [
        "ask_account",
        "still_there",
        "no_input",
        "ask_account",
        "no_input_again",
        "ask_account",
    ]
    assert asker.answers == [Unanswered.NO_INPUT]


async def test_keys_left_from_a_wrong_answer_do_not_answer_the_next_try() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("Hello")
        await phone.press("13#13#13#")
        await phone.hears("did not understand")
        await phone.hears("enter your account number")
        await phone.press("24#")

    asker = Asker()
    await _asked(asker, script)
    assert asker.answers == ["24"]


async def test_an_error_may_be_interrupted_by_the_right_answer() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("13#")
        await phone.hears("did not understand")
        await phone.press("24#")

    asker = Asker()
    assert await _asked(asker, script) == ["greeting", "ask_account", "no_match"]
    assert asker.answers == ["24"]


async def test_zero_alone_asks_for_a_person() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("0")

    asker = Asker()
    await _asked(asker, script)
    assert asker.answers == [Unanswered.PERSON]


async def test_a_flood_of_keys_ends_as_a_wrong_answer_in_bounded_time() -> None:
    async def script(phone: Phone) -> None:
        for _ in range(3):
            await phone.press("9*" * 1500, gap_s=0.001)

    asker = Asker()
    await _asked(asker, script)
    assert isinstance(asker.answers[0], Unanswered)


async def test_a_pound_after_a_full_answer_does_not_answer_the_next_question() -> None:
    answers: list[bool | Unanswered | str] = []

    async def flow(line: Line, _services: Services) -> CallResult:
        answer = await line.ask(QUESTION)
        answers.append(answer)
        answers.append(await ask_yes_no(line, "yes", Prompt("offer_person")))
        return CallResult.NOTHING_DUE

    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("2468#")
        await anyio.sleep(2)
        await phone.press("1")

    async with open_house(flows={"pay_bill": flow}) as house:
        await house.call(script)
        assert "no_input" not in [fact.prompt for fact in house.told(Said)]
    assert answers == ["2468", True]


async def test_only_the_number_of_keys_is_told() -> None:
    async def script(phone: Phone) -> None:
        await phone.hears("enter your account number")
        await phone.press("13#")
        await phone.hears("did not understand")

    house = await _told(script)
    assert ("account", 3) in [(fact.question, fact.keys) for fact in house.told(Pressed)]
    assert not any("13" in f"{fact.question} {fact.keys}" for fact in house.told(Pressed))
