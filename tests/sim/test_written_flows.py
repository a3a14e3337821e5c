"""Callers in flows that an admin wrote: the shipped examples, and small ones for each verb."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Final

import anyio
import pytest

from core.events import Answered, CallEnded, CallHandedOver, Said, SpeaksLanguage, StepReached
from ivr.requests import About
from ivr.result import CallResult
from ivr.services import Flow, Flows
from ivr.written.draft import Known
from ivr.written.library import Library
from ivr.written.play import leads
from ivr.written.reading import read_flow
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.sim.callers import ACCOUNT, key_account, key_card, reach_card
from tests.sim.house import AGENTS, BILLS, FLOWS, START, TEXTS, SimHouse, open_house
from tests.sim.leaks import leaks
from tests.sim.random_callers import RandomCaller

pytestmark = pytest.mark.anyio

EXAMPLES: Final = Path(__file__).parents[2] / "ivr" / "written" / "examples"
KNOWN: Final = Known(("en", "es"), TEXTS, frozenset({*FLOWS, "survey"}), lambda _to: True)
HEAD: Final = "about: a test\nlanguages: [en]\nsteps:\n"
CALLERS: Final = 30


def example(name: str) -> Flow:
    return leads(read_flow(name, (EXAMPLES / f"{name}.yaml").read_text("utf-8"), KNOWN), FLOWS)


def written(steps: str, head: str = HEAD) -> Flows:
    return {**FLOWS, "mine": leads(read_flow("mine", head + steps, KNOWN), FLOWS)}


def said(house: SimHouse) -> list[str]:
    return [fact.text for fact in house.told(Said)]


async def press(phone: Phone, *asked: tuple[str, str]) -> None:
    for words, keys in asked:
        await phone.hears(words)
        await phone.press(keys)
    await phone.ended()


async def played(steps: str, *asked: tuple[str, str], says: Iterable[str] | None = None) -> SimHouse:
    async with open_house(flows=written(steps), says=says) as house:
        house.switch.answers["201"] = Answers(hangs_up)
        await house.call(lambda phone: press(phone, *asked), flow="mine", caller="+15550123")
        return house


async def hangs_up(phone: Phone) -> None:
    await anyio.sleep(20)
    phone.hang_up()


async def test_a_payment_is_followed_by_the_survey_of_the_example() -> None:
    async def caller(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await press(phone, ("confirmation code is", ""), ("May we ask", "1"), ("How content", "5"))

    async with open_house(flows={"survey": example("survey")}) as house:
        await house.call(caller, flow="survey")
        assert (await house.session()).outcome == "paid"
        assert Answered(house.kept[0].id, "survey.stars", "5") in house.told(Answered)
        assert "You gave us: five. Thank you." in said(house)
        assert said(house)[-1].endswith("Good bye.")


async def test_who_is_not_content_is_called_and_has_still_paid() -> None:
    async def caller(phone: Phone) -> None:
        await reach_card(phone)
        await key_card(phone)
        await press(
            phone,
            ("May we ask", "1"),
            ("How content", "2"),
            ("Shall we call you", "1"),
            ("To be called today", "1"),
            ("We will call you on", "1"),
        )

    async with open_house(flows={"survey": example("survey")}) as house:
        await house.call(caller, flow="survey", caller="+15550123")
        assert (await house.session()).outcome == "paid"
        assert [one.wish.about for one in await house.requests.all()] == [About.CALL_BACK]


async def test_who_does_not_pay_is_asked_nothing_about_it() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await press(phone, ("To pay all of it", "3"))

    async with open_house(flows={"survey": example("survey")}) as house:
        await house.call(caller, flow="survey")
        assert (await house.session()).outcome == "declined_to_pay"
        assert not [text for text in said(house) if "May we ask" in text]


@pytest.mark.parametrize(
    ("zone", "greeted"), [("America/New_York", "Our office is closed"), ("UTC", "To pay a bill, press one")]
)
async def test_the_example_of_an_office_knows_its_hours(zone: str, greeted: str) -> None:
    text = (EXAMPLES / "front_office.yaml").read_text("utf-8").replace("America/New_York", zone)
    flows = {"front_office": leads(read_flow("front_office", text, KNOWN), FLOWS)}
    assert START.weekday() == dt.date(2026, 11, 20).weekday() == 4  # noon: in New York it is seven
    async with open_house(flows=flows) as house:
        await house.call(lambda phone: press(phone, (greeted, "2")), flow="front_office", caller="+15550123")
        assert any(greeted in text for text in said(house))


async def test_the_example_of_an_office_goes_on_in_spanish() -> None:
    text = (EXAMPLES / "front_office.yaml").read_text("utf-8").replace("America/New_York", "UTC")
    flows = {"front_office": leads(read_flow("front_office", text, KNOWN), FLOWS)}
    async with open_house(flows=flows) as house:
        asked = (("Para español", "8"), ("Para volver", "1"), ("Para pagar una factura", "3"))
        await house.call(lambda phone: press(phone, *asked), flow="front_office")
        assert [one.language for one in house.told(SpeaksLanguage)] == ["es"]
        assert house.switch.dialed[0].to == AGENTS


async def test_each_step_that_a_call_comes_to_is_told_by_its_name() -> None:
    steps = """
  ask: {menu: Press one to go on., keys: {1: known}, as: chosen}
  known: {branch: chosen, cases: {"1": leave}, otherwise: leave}
  leave: {say: So long., then: hang_up}
"""
    house = await played(steps, ("Press one", "1"))
    told = [(one.flow, one.step) for one in house.told(StepReached)]
    assert told == [("mine", "ask"), ("mine", "known"), ("mine", "leave")]


async def test_a_menu_is_answered_in_words_of_its_own() -> None:
    steps = """
  a:
    menu: For apples, press one. For pears, press two.
    as: fruit
    keys:
      1: {then: goodbye, words: {en: [apples, an apple]}}
      2: {then: thanks, words: {en: [pears, pear please]}}
  thanks: {say: "That was key: {fruit}.", then: goodbye}
"""

    async def caller(phone: Phone) -> None:
        from tests.sim.test_spoken_answers import answer  # noqa: PLC0415

        await answer(phone, "For pears", 2)
        await phone.ended()

    async with open_house(flows=written(steps), says=["pear please"]) as house:
        await house.call(caller, flow="mine")
        assert Answered(house.kept[0].id, "mine.a", "2") in house.told(Answered)
        assert "That was key: two." in said(house)


async def test_values_are_said_back_and_written_down_masked_where_it_is_asked_for() -> None:
    steps = """
  a: {digits: Your member number please., as: member, least: 4, most: 6, masked: yes, then: b}
  b: {amount: How much?, as: gift, most: 500.00 USD, then: c}
  c: {date: When?, as: day, then: d}
  d: {yes_no: "{member} gives {gift} on {day}. Is that right?", as: sure, yes: e, no: a}
  e: {branch: gift, cases: {"0-99.99": goodbye, "100-": thanks}, otherwise: goodbye}
  thanks: {say: That is a lot., then: goodbye}
"""
    asked = (("Your member", "1234#"), ("How much", "120*50#"), ("When", "2"), ("Is that right", "1"))
    house = await played(steps, *asked)
    values = [(fact.question, fact.value) for fact in house.told(Answered)]
    assert values == [
        ("mine.a", "xxxx"),
        ("mine.b", "120.50 USD"),
        ("mine.c", "2026-11-21"),
        ("mine.d", "1"),
    ]
    assert any("one hundred" in text and "November" in text for text in said(house))
    assert "That is a lot." in said(house)


async def test_a_card_that_is_keyed_in_where_digits_are_asked_for_is_cut_and_not_kept() -> None:
    steps = "  a: {digits: Your member number please., as: member, most: 12, then: b}\n"
    steps += '  b: {say: "Thank you, {member}.", then: goodbye}\n'
    house = await played(steps, ("Your member", "4242424242424242"))
    texts = [repr(fact) for fact in house.facts.told]
    assert leaks(texts, ["4242424242424242"]) == []


async def test_a_question_without_an_answer_goes_where_the_flow_says_or_as_everywhere() -> None:
    steps = "  a: {{digits: Your number please., as: n, most: 4, {}then: goodbye}}\n"
    house = await played(steps.format(""))
    assert house.kept[0].outcome == CallResult.NO_INPUT.value
    steps = steps.format("otherwise: b, ") + "  b: {say: Never mind., then: goodbye}\n"
    house = await played(steps)
    assert "Never mind." in said(house)
    assert house.kept[0].outcome == CallResult.SERVED.value


async def test_zero_leads_to_a_person_from_each_question() -> None:
    async with open_house(flows=written("  a: {yes_no: Well?, yes: goodbye, no: goodbye}\n")) as house:
        house.switch.answers[AGENTS] = Answers(hangs_up)
        await house.call(lambda phone: press(phone, ("Well", "0")), flow="mine")
        assert house.kept[0].outcome == CallResult.SPOKE_TO_AGENT.value


async def test_a_caller_is_connected_and_somebody_else_does_when_nobody_answers() -> None:
    steps = """
  a: {connect: "202", nobody: b}
  b: {connect: "201", whisper: A call from the menu., nobody: goodbye, then: c}
  c: {say: That was all., then: hang_up}
"""
    house = await played(steps)
    assert [dial.to for dial in house.switch.dialed] == ["202", "201"]
    assert "That was all." in said(house)
    assert "joined" in [fact.result for fact in house.told(CallHandedOver)]
    assert house.kept[0].outcome == CallResult.SPOKE_TO_AGENT.value


async def test_a_call_is_sent_on_for_good() -> None:
    house = await played('  a: {transfer: "201", nobody: goodbye}\n')
    assert house.kept[0].outcome == CallResult.TRANSFERRED.value


async def test_one_flow_goes_on_in_another() -> None:
    async with open_house(flows=written("  a: {run: pay_bill}\n")) as house:
        await house.call(lambda phone: key_account(phone, "5550"), flow="mine")
        assert house.kept[0].outcome == CallResult.NOTHING_DUE.value


async def test_what_is_due_is_told_once_the_bill_is_found_and_can_be_branched_on() -> None:
    steps = """
  a: {do: find_bill, then: b}
  b: {branch: due, cases: {"0": goodbye, "100-": much}, otherwise: goodbye}
  much: {say: "You owe {due}. A lot.", then: c}
  c: {do: tell_due, then: d}
  d: {do: take_dispute, then: goodbye}
"""
    house = await played(steps, ("enter your account number", f"{ACCOUNT}#"), ("If the amount is wrong", "2"))
    assert any("one hundred and twenty-five dollars" in text for text in said(house))
    [request] = await house.requests.all()
    assert request.wish.account == BILLS[0].id


async def test_a_call_that_is_in_progress_keeps_the_flow_that_it_began_with(tmp_path: Path) -> None:
    text = HEAD + "  a: {yes_no: Well?, yes: b, no: goodbye}\n  b: {say: The old words., then: goodbye}\n"
    library = Library(tmp_path, FLOWS, KNOWN)
    library.put("mine", text)

    async def caller(phone: Phone) -> None:
        await phone.hears("Well")
        library.put("mine", text.replace("old", "new"))
        await press(phone, ("", "1"))

    async with open_house(flows=library) as house:
        await house.call(caller, flow="mine")
        assert "The old words." in said(house)
        await house.call(lambda phone: press(phone, ("Well", "1")), flow="mine")
        assert "The new words." in said(house)


@pytest.mark.parametrize("name", ["front_office", "survey"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_callers_do_in_an_example_each_call_ends_and_no_card_shows(
    name: str, seed: int
) -> None:
    chance = Random(seed)
    callers = [RandomCaller(Random(f"{seed}/{place}"), [ACCOUNT, "5550"]) for place in range(CALLERS)]
    flow = example(name)
    async with open_house(flows={name: flow}, seed=seed) as house:
        house.switch.answers[AGENTS] = Answers(hangs_up)
        phones = [
            house.switch.place(one, flow=name, caller=f"+1555{chance.randrange(10**7):07d}")
            for one in callers
        ]
        with anyio.fail_after(24 * 3600):
            for phone in phones:
                await phone.ended()
            await house.runner.drained()
        assert len(house.told(CallEnded)) == CALLERS
        assert "failed" not in {one.outcome for one in house.kept}
        assert (
            leaks([repr(fact) for fact in house.facts.told], {c for one in callers for c in one.cards}) == []
        )
