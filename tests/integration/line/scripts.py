"""Rehearsals that the tests of whole lines share."""

from rehearsal.script import Dtmf

RHYTHMS = {
    Dtmf.RFC4733: "every: 260ms, held: 100ms",
    Dtmf.INFO: "every: 60ms, held: 40ms",
    Dtmf.INBAND: "every: 220ms, held: 100ms",
}


def pays(account: str, *, dial: str = "1000", dtmf: Dtmf = Dtmf.INFO, card: str = "visa") -> str:
    """A caller keys in the account and pays all of it, each key pressed as soon as the question begins."""
    rhythm = RHYTHMS[dtmf]
    return f"""
name: A bill is paid
dial: "{dial}"
dtmf: {dtmf.value}
max: 90s
steps:
  - hear: ask_account
  - {{press: "{account}#", {rhythm}}}
{_card(card, dtmf)}
{_receipt(rhythm)}
"""


def pays_known(caller: str, card: str = "visa") -> str:
    """A caller whose number is known pays all of it."""
    rhythm = RHYTHMS[Dtmf.INFO]
    return f"""
name: A bill is found by the caller's number
dial: "1000"
from: "{caller}"
dtmf: info
steps:
  - hear: found_account
  - {{press: "1", {rhythm}}}
{_card(card, Dtmf.INFO)}
{_receipt(rhythm)}
"""


def closed(account: str, heard: str) -> str:
    """A caller would pay, and hears why no card can be taken."""
    return f"""
name: No card is taken ({heard})
dial: "1000"
dtmf: info
steps:
  - hear: ask_account
  - {{press: "{account}#", {RHYTHMS[Dtmf.INFO]}}}
  - hear: ask_how_much
  - {{press: "1", {RHYTHMS[Dtmf.INFO]}}}
  - hear: {heard}
    within: 15s
  - expect_hang_up
expect:
  outcome: payment_unavailable
  not_said: [card_number, paid, sorry]
"""


def pays_until(account: str, heard: str, *, card: str = "visa", within: str = "15s", outcome: str) -> str:
    """A caller pays, and hears something else than a receipt."""
    return f"""
name: A payment comes to {heard}
dial: "1000"
dtmf: info
steps:
  - hear: ask_account
  - {{press: "{account}#", {RHYTHMS[Dtmf.INFO]}}}
{_card(card, Dtmf.INFO)}
  - hear: {heard}
    within: {within}
  - expect_hang_up
expect:
  outcome: {outcome}
  not_said: [paid, sorry]
"""


def _card(card: str, dtmf: Dtmf) -> str:
    rhythm = RHYTHMS[dtmf]
    return f"""
  - hear: ask_how_much
  - {{press: "1", {rhythm}}}
  - hear: card_number
    within: 30s
  - {{card: "{card}", then: "#", {rhythm}}}
  - hear: card_expiry
  - {{expiry: valid, {rhythm}}}
  - hear: card_code
  - {{code: "123", {rhythm}}}
""".strip("\n")


def _receipt(rhythm: str) -> str:
    return f"""
  - hear: paid
  - hear: hear_again
    within: 40s
  - {{press: "1", {rhythm}}}
  - hear: goodbye
  - expect_hang_up
expect:
  outcome: paid
  not_said: [declined, sorry]
  rows:
    - table: payments
      where: {{call: $call}}
      columns: {{state: captured, amount_minor: 12550, currency: USD}}
    - table: calls
      where: {{id: $call}}
      columns: {{outcome: paid}}
""".strip("\n")
