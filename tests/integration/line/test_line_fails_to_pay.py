"""Calls that do not end in a payment at once: refused cards, wrong keys, callers who leave."""

import pytest

from tests.integration.line.rig import PAID_ONCE, Rig, Settled

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_NOTHING = Settled((), 0, 12_550)
_FAST = "every: 60ms, held: 40ms"


def _card(card: str) -> str:
    return f"""
  - hear: card_number
  - {{card: "{card}", then: "#", {_FAST}}}
  - hear: card_expiry
  - {{expiry: valid, {_FAST}}}
  - hear: card_code
  - {{code: "123", {_FAST}}}
""".strip("\n")


def _begins(account: str) -> str:
    return f"""
dial: "1000"
dtmf: info
steps:
  - hear: ask_account
  - {{press: "{account}#", {_FAST}}}
  - hear: ask_how_much
  - {{press: "1", {_FAST}}}
""".strip("\n")


async def test_after_a_refused_card_another_one_pays(line: Rig) -> None:
    account = await line.bill()
    await line.rehearse(f"""
{_begins(account)}
{_card("insufficient_funds")}
  - hear: declined
  - hear: ask_another_card
  - {{press: "1", {_FAST}}}
{_card("mastercard")}
  - hear: paid
  - hear: hear_again
  - {{press: "1", {_FAST}}}
  - expect_hang_up
expect:
  outcome: paid
  said: [declined, ask_another_card, card_number, paid]
""")
    await line.settled(account, Settled(("declined", "captured"), 1, 0))


async def test_wrong_keys_are_explained_and_asked_for_again(line: Rig) -> None:
    account = await line.bill()
    await line.rehearse(f"""
dial: "1000"
dtmf: info
steps:
  - hear: ask_account
  - {{press: "99999999#", {_FAST}}}
  - hear: account_not_found
  - hear: ask_account
  - {{press: "{account}#", {_FAST}}}
  - hear: ask_how_much
  - {{press: "7", {_FAST}}}
  - hear: no_match
  - hear: ask_how_much
  - {{press: "1", {_FAST}}}
  - hear: card_number
  - {{card: mistyped, then: "#", {_FAST}}}
  - hear: card_number_wrong
  - hear: card_number
  - {{card: visa, then: "#", {_FAST}}}
  - hear: card_expiry
  - {{expiry: expired, {_FAST}}}
  - hear: card_expiry_wrong
  - hear: card_expiry
  - {{expiry: valid, {_FAST}}}
  - hear: card_code
  - {{code: "123", {_FAST}}}
  - hear: paid
  - hear: hear_again
  - {{press: "1", {_FAST}}}
  - expect_hang_up
expect:
  outcome: paid
""")
    await line.settled(account, PAID_ONCE)


async def test_a_caller_who_hangs_up_in_the_middle_of_the_card_pays_nothing(line: Rig) -> None:
    account = await line.bill()
    await line.rehearse(f"""
{_begins(account)}
  - hear: card_number
  - {{card: "4242 4242 42", {_FAST}}}
  - hang_up
expect:
  outcome: hung_up
  not_said: [card_expiry, one_moment]
""")
    await line.settled(account, _NOTHING)
    await line.until_ready()


async def test_a_caller_who_hangs_up_in_mid_charge_has_paid(line: Rig) -> None:
    account = await line.bill()
    await line.trouble("slow", seconds=2)
    await line.rehearse(f"""
{_begins(account)}
{_card("visa")}
  - hear: one_moment
  - hang_up
expect:
  outcome: pending
  not_said: [paid]
""")
    await line.settled(account, PAID_ONCE)
