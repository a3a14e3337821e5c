"""Callers who do anything: they press the right keys, wrong ones, all of them, none, and hang up anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import anyio

from payments.gateways.sandbox.cards import BOGUS_CARDS
from pbx.fake.phone import Phone, Unheard

_LONGEST_S: Final = 900


@dataclass(frozen=True, slots=True)
class Manner:
    """How a caller is: chances from 0 to 1 of each mistake, and seconds before the receiver goes down."""

    errs: float
    silent: float
    impatient: float
    gap_s: float
    hangs_up_after_s: float


class RandomCaller:
    """One caller; the same `chance` does the same things. `cards` lists the numbers that were keyed in."""

    def __init__(self, chance: Random, accounts: Sequence[str]) -> None:
        self.cards: list[str] = []
        self._chance = chance
        self._account = chance.choice(accounts)
        self._manner = _manner(chance)

    async def __call__(self, phone: Phone) -> None:
        """Call, and stay until the line or the own patience ends it."""
        with anyio.move_on_after(self._manner.hangs_up_after_s):
            try:
                await self._behave(phone)
            except Unheard:
                await phone.ended()
        phone.hang_up()

    async def _behave(self, phone: Phone) -> None:
        while True:
            sound = await phone.hears(timeout_s=_LONGEST_S)
            keys = self._keys(sound.name)
            if not keys or self._chance.random() < self._manner.silent:
                continue
            if self._chance.random() >= self._manner.impatient:
                await anyio.sleep(self._chance.uniform(0, 6))
            await phone.press(keys, gap_s=self._manner.gap_s)

    def _keys(self, heard: str) -> str:
        if self._chance.random() < self._manner.errs:
            return self._wrong()
        for words, answer in _ANSWERS:
            if words in heard:
                return self._chance.choice("1112") if answer == "how much" else answer or self._own(words)
        return ""

    def _own(self, words: str) -> str:
        if "account number" in words:
            return f"{self._account}#"
        if "the amount" in words:
            return f"{self._chance.randrange(1, 120)}*{self._chance.randrange(100):02d}#"
        number = self._card()
        self.cards.append(number)
        return f"{number}#"

    def _card(self) -> str:
        if self._chance.random() < 0.5:
            return self._chance.choice(BOGUS_CARDS).number.decode()
        return canary(self._chance)

    def _wrong(self) -> str:
        match self._chance.randrange(6):
            case 0:
                return self._chance.choice("0123456789*#")
            case 1:
                return "**"
            case 2:
                return "0#"
            case 3:
                wrong = canary(self._chance)
                self.cards.append(wrong)
                return wrong  # a card, keyed in where anything else may be asked for
            case 4:
                return "".join(self._chance.choices("0123456789*#", k=self._chance.randrange(1, 60)))
            case _:
                return "*"


def canary(chance: Random) -> str:
    """A Visa number that nobody has, with a right check digit (ISO/IEC 7812-1 annex B)."""
    digits = [4, *(chance.randrange(10) for _ in range(14))]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return "".join(map(str, digits)) + str(-sum(doubled) % 10)


_ANSWERS: Final = (  # what is heard, and the right keys; none: it depends on the caller
    ("enter your account number", ""),
    ("To pay this account", "1"),
    ("To pay all of it", "how much"),
    ("enter the amount", ""),
    ("You are paying", "1"),
    ("enter your card number", ""),
    ("expiry date, two", "1230"),
    ("three digit security code", "123"),
    ("four digit security code", "1234"),
    ("To try another card", "1"),
    ("press star", "*"),
    ("To speak to a person, press one", "1"),
    ("Nobody is free", "1"),
)


def _manner(chance: Random) -> Manner:
    return Manner(
        errs=chance.choice([0, 0, 0.05, 0.2, 0.5]),
        silent=chance.choice([0, 0, 0, 0.1, 1.0]),
        impatient=chance.choice([0, 0.3, 1.0]),
        gap_s=chance.choice([0.001, 0.08, 0.25, 0.6, 5.0]),
        hangs_up_after_s=chance.choice([chance.uniform(0, 150), _LONGEST_S]),
    )
