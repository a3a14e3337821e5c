"""Callers who say, or key in, what they want."""

import datetime as dt
from typing import Final

import anyio
import pytest

from asr.fake import FakeRecognizer
from core.events import Answered, CallerUpset, RequestMoved, Said, SpeaksLanguage, Spoke
from core.money import Money
from ivr.requests import About
from ivr.texts import Texts, spoken
from pbx.fake.phone import Phone
from pbx.fake.switch import Answers
from tests.sim.callers import ACCOUNT, key_account, key_card
from tests.sim.house import AGENTS, START, SimHouse, open_house
from tests.sim.test_spoken_answers import answer

pytestmark = pytest.mark.anyio

MENU: Final = "To pay your bill, press one"
MORE: Final = "Is there anything else"
LISTENS: Final = Texts({"company": "Example Power"}, spoken(lambda language: language == "en"))


def prompts(house: SimHouse) -> list[str]:
    return [said.prompt for said in house.told(Said)]


async def hear_them_out(agent: Phone) -> None:
    await anyio.sleep(60)
    agent.hang_up()


async def hang_on(phone: Phone, keys: str) -> None:
    await phone.hears(MENU)
    await phone.press(keys)


async def test_a_bill_is_paid_from_the_menu_by_keys_alone() -> None:
    async def caller(phone: Phone) -> None:
        await hang_on(phone, "1")
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("1")
        await phone.hears("enter your card number")
        await key_card(phone)
        await phone.hears("confirmation code is")

    async with open_house() as house:
        await house.call(caller, flow="front_desk")
        assert (await house.session()).outcome == "paid"


@pytest.mark.parametrize("wish", ["i would like to pay my bill please", "i got a bill and want to pay it"])
async def test_a_bill_is_paid_by_who_says_so(wish: str) -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 3)
        await key_account(phone)
        await phone.hears("To pay all of it")
        await phone.press("3")

    async with open_house(says=[wish]) as house:
        await house.call(caller, flow="front_desk")
        assert Answered(house.kept[0].id, "how can i help", "pay_bill") in house.told(Answered)
        assert (await house.session()).outcome == "declined_to_pay"


async def test_what_is_due_is_told_and_may_be_left_unpaid() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)
        await key_account(phone)
        await answer(phone, "To pay it now")
        await answer(phone, MORE)

    async with open_house(says=["how much do i owe", "no not today", "no thanks"]) as house:
        await house.call(caller, flow="front_desk")
        assert "due" in prompts(house)
        assert prompts(house)[-1] == "goodbye"
        assert (await house.session()).outcome == "informed"


async def test_an_account_that_was_named_once_is_not_asked_for_again() -> None:
    async def caller(phone: Phone) -> None:
        await hang_on(phone, "2")
        await key_account(phone)
        await phone.hears("To pay it now")
        await phone.press("2")
        await phone.hears(MORE)
        await phone.press("3")
        await phone.hears("If the amount is wrong")
        await phone.press("2")
        await phone.hears(MORE)
        await phone.press("9")

    async with open_house() as house:
        await house.call(caller, flow="front_desk")
        assert prompts(house).count("ask_account") == 1
        assert (await house.session()).outcome == "requested"
        [request] = await house.requests.all()
        assert (request.wish.about, request.wish.detail) == (About.DISPUTE, "charged twice")


async def test_a_dispute_is_written_down_in_words() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 3)
        await key_account(phone)
        await answer(phone, "If the amount is wrong", 2)
        await phone.hears("number of your request is")

    said = ["there is a charge i don't recognize", "i did not make the payment"]
    async with open_house(says=said) as house:
        await house.call(caller, flow="front_desk")
        [request] = await house.requests.all(waiting=True)
        assert (request.wish.about, request.wish.detail) == (About.DISPUTE, "not mine")
        assert request.wish.account == f"acc_{ACCOUNT}"
        assert request.wish.call == house.kept[0].id


async def test_a_call_back_is_written_down_for_the_day_that_was_named() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)
        await answer(phone, "To be called today", 2)
        await answer(phone, "We will call you on")
        await phone.hears("number of your request is")

    async with open_house(says=["can you call me back", "in two weeks", "yes"]) as house:
        await house.call(caller, flow="front_desk", caller="+15550123")
        [request] = await house.requests.all()
        assert request.wish.about is About.CALL_BACK
        assert request.wish.caller == "+15550123"
        assert request.wish.day == START.date() + dt.timedelta(days=14)


async def test_a_call_back_to_a_withheld_number_asks_for_one_and_reads_it_back() -> None:
    async def caller(phone: Phone) -> None:
        await hang_on(phone, "4")
        await phone.hears("telephone number that we shall call")
        await phone.press("5550199#")
        await phone.hears("The number is:")
        await phone.press("1")
        await phone.hears("To be called today")
        await phone.press("1201")
        await phone.hears("We will call you on")
        await phone.press("1")
        await phone.hears("number of your request is")

    async with open_house() as house:
        await house.call(caller, flow="front_desk")
        [request] = await house.requests.all()
        assert (request.wish.caller, request.wish.day) == ("5550199", dt.date(2026, 12, 1))


async def test_a_request_that_cannot_be_written_down_ends_at_a_person() -> None:
    async def caller(phone: Phone) -> None:
        await hang_on(phone, "4")
        await phone.hears("To be called today")
        await phone.press("1")
        await phone.hears("We will call you on")
        await phone.press("1")
        await phone.hears("could not write that down")
        await phone.hears("To speak to a person, press one")
        await phone.press("2")

    async with open_house() as house:
        house.requests.lost = True
        await house.call(caller, flow="front_desk", caller="+15550123")
        assert house.told(RequestMoved) == []
        assert (await house.session()).outcome == "no_match"


async def test_a_link_is_sent_to_who_would_rather_pay_on_a_page() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)
        await key_account(phone)
        await answer(phone, "a link by text message")
        await phone.hears("We have sent you the link")

    async with open_house(says=["can you text me a link", "yes please"]) as house:
        await house.call(caller, flow="front_desk", caller="+15550123")
        assert (await house.session()).outcome == "link_sent"
        assert [message.to for message in house.messages.put_in.values()] == ["+15550123"]


async def test_a_link_cannot_go_to_a_withheld_number() -> None:
    async with open_house() as house:
        await house.call(lambda phone: hang_on(phone, "5"), flow="front_desk")
        assert "no_link" in prompts(house)


async def test_who_wants_a_person_gets_one_at_once() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)

    async with open_house(says=["let me talk to a real human being"]) as house:
        house.switch.answers[AGENTS] = Answers(hear_them_out)
        await house.call(caller, flow="front_desk")
        assert [dial.to for dial in house.switch.dialed] == [AGENTS]


async def test_what_the_line_does_not_do_is_not_taken_for_something_else() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 3)
        await phone.hears("I did not understand")
        await hang_on(phone, "9")

    async with open_house(says=["what is the weather like tomorrow"]) as house:
        await house.call(caller, flow="front_desk")
        assert "help_examples" in prompts(house)
        assert (await house.session()).outcome == "served"


async def test_who_did_not_hear_hears_the_menu_again() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)
        await hang_on(phone, "9")

    async with open_house(says=["sorry could you say that again"]) as house:
        await house.call(caller, flow="front_desk")
        assert prompts(house).count("how_can_i_help") == 2


async def test_a_key_changes_the_language_of_the_rest_of_the_call() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Para español")
        await phone.press("8")
        await phone.hears("Para pagar su factura")
        await phone.press("9")

    async with open_house() as house:
        await house.call(caller, flow="front_desk")
        assert [told.language for told in house.told(SpeaksLanguage)] == ["es"]
        assert house.told(Said)[-1].text == "Gracias por llamar. Adiós."


async def test_several_languages_are_chosen_from_a_menu_in_each_of_them() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears(MENU)
        await phone.press("8")
        await phone.hears("Für Deutsch drücken Sie")
        await phone.hears("Pour le français")
        await phone.press("2")
        await phone.hears("Pour payer votre facture")
        await phone.press("9")

    async with open_house(languages=("de", "fr")) as house:
        await house.call(caller, flow="front_desk")
        assert [told.language for told in house.told(SpeaksLanguage)] == ["fr"]


@pytest.mark.parametrize("wish", ["habla español", "in spanish please", "do you speak spanish"])
async def test_another_language_is_had_by_asking_at_any_question(wish: str) -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number", 2)
        await phone.hears("responda con las teclas")
        await phone.hears("Ingrese su número de cuenta")
        await phone.press(f"{ACCOUNT}#")
        await phone.hears("Para pagar todo ahora")
        await phone.press("3")

    async with open_house(says=[wish]) as house:
        await house.call(caller)
        assert (await house.session()).outcome == "declined_to_pay"


@pytest.mark.parametrize("wish", ["Español, por favor.", "can we speak spanish please"])
async def test_another_language_is_had_by_asking_where_anything_may_be_said(wish: str) -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 2)
        await phone.hears("responda con las teclas")
        await phone.hears("Para pagar su factura")
        await phone.press("9")

    async with open_house(says=[wish]) as house:
        await house.call(caller, flow="front_desk")
        assert [told.language for told in house.told(SpeaksLanguage)] == ["es"]


async def test_another_language_is_had_by_asking_for_it_in_place_of_an_amount_or_a_yes() -> None:
    async def caller(phone: Phone) -> None:
        await key_account(phone)
        await answer(phone, "To pay all of it")
        await phone.hears("Para pagar todo ahora")
        await phone.press("2")
        await answer(phone, "Ingrese el monto")
        await phone.hears("enter the amount")
        await phone.press("5#")
        await answer(phone, "You are paying")
        await phone.hears("Va a pagar")
        phone.hang_up()

    ear = FakeRecognizer(["español por favor", "en inglés", "spanish please"], languages=("en", "es"))
    async with open_house(hears=ear, languages=("en", "es")) as house:
        await house.call(caller)
        assert [told.language for told in house.told(SpeaksLanguage)] == ["es", "en", "es"]


async def test_a_language_that_is_heard_goes_on_being_answered_in_words() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "enter your account number", 2)
        await answer(phone, "Ingrese su número de cuenta", 3)
        await answer(phone, "Para pagar todo ahora")

    said = ["habla español", "uno dos tres cuatro cinco seis siete ocho", "ahora no"]
    ear = FakeRecognizer(said, languages=("en", "es"))
    async with open_house(hears=ear) as house:
        await house.call(caller)
        assert "keys_only" not in prompts(house)
        assert [spoke.text for spoke in house.told(Spoke)] == said
        assert (await house.session()).outcome == "declined_to_pay"


async def test_a_number_has_a_language_of_its_own() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Ingrese su número de cuenta")
        phone.hang_up()

    async with open_house() as house:
        await house.call(caller, language="es-MX")


async def test_who_leaves_the_language_of_a_number_may_come_back_to_it() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Um Ihre Rechnung zu bezahlen")
        await phone.press("8")
        await phone.hears(MENU)
        await phone.press("8")
        await phone.hears("Um Ihre Rechnung zu bezahlen")
        phone.hang_up()

    async with open_house(languages=()) as house:
        await house.call(caller, flow="front_desk", language="de")
        assert [told.language for told in house.told(SpeaksLanguage)] == ["en", "de"]


async def test_an_upset_caller_gets_a_person_sooner() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, MENU, 3)
        await phone.hears("not going well")

    said = ["this is ridiculous i hate your stupid machine"]
    async with open_house(says=said) as house:
        house.switch.answers[AGENTS] = Answers(hear_them_out)
        await house.call(caller, flow="front_desk")
        assert [told.question for told in house.told(CallerUpset)] == ["how can i help"]
        assert len(house.switch.dialed) == 1


async def test_after_two_spoken_attempts_the_keys_are_named() -> None:
    async def caller(phone: Phone) -> None:
        await answer(phone, "How can I help you?", 2)
        await answer(phone, "How can I help you?", 2)
        await hang_on(phone, "9")

    async with open_house(says=["the train leaves at nine", "my uncle sings"], texts=LISTENS) as house:
        await house.call(caller, flow="front_desk")
        assert prompts(house)[-1] == "goodbye"


async def test_due_amounts_are_said_in_the_language_of_the_call() -> None:
    async def caller(phone: Phone) -> None:
        await phone.hears("Ihre Kontonummer")
        await phone.press(f"{ACCOUNT}#")
        await phone.hears("Um jetzt alles zu zahlen")
        await phone.press("3")

    async with open_house() as house:
        await house.call(caller, language="de")
        text = next(said.text for said in house.told(Said) if said.prompt == "due")
        assert text.endswith("einhundertfünfundzwanzig Dollar und fünfzig Cent.")
        assert Money(12_550, "USD") == (await house.accounts.by_number(ACCOUNT)).due  # type: ignore[union-attr]
