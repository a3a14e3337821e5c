"""Cards traded for tokens, without any money moved."""

from collections.abc import Callable
from random import Random

import pytest

from payments.captured_tokens import CapturedTokens, Wish
from payments.card import CardEntry, CardField
from payments.gateways.sandbox.gateway import SandboxGateway
from payments.orders import Token
from payments.outcome import Declined, NotAttempted, Unknown
from payments.vault import Vault

pytestmark = pytest.mark.anyio
KeyedIn = Callable[[bytes], CardEntry]
VISA = b"4242424242424242"


class _Away(SandboxGateway):
    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        return NotAttempted("refused the connection")


class _Broken(SandboxGateway):
    async def tokenize(self, card: CardEntry, key: str) -> Token | Declined | NotAttempted | Unknown:
        raise ZeroDivisionError


async def test_a_card_becomes_a_token_and_is_used_up(keyed_in: KeyedIn) -> None:
    vault, entry = Vault(), keyed_in(VISA)
    tokens, sealed = CapturedTokens(vault, [SandboxGateway(Random(1))]), vault.seal(entry)
    made = await tokens.make(sealed, Wish("k1"))
    assert isinstance(made, Token)
    assert entry.count(CardField.NUMBER) == 0
    assert isinstance(await tokens.make(sealed, Wish("k1")), NotAttempted)


async def test_the_next_gateway_is_asked_when_one_surely_did_nothing(keyed_in: KeyedIn) -> None:
    vault = Vault()
    tokens = CapturedTokens(vault, [_Away(Random(1)), SandboxGateway(Random(2))])
    assert isinstance(await tokens.make(vault.seal(keyed_in(VISA)), Wish("k1")), Token)


async def test_a_gateway_that_breaks_is_unknown_and_no_other_is_asked(keyed_in: KeyedIn) -> None:
    vault = Vault()
    tokens = CapturedTokens(vault, [_Broken(Random(1)), SandboxGateway(Random(2))])
    assert isinstance(await tokens.make(vault.seal(keyed_in(VISA)), Wish("k1")), Unknown)


async def test_a_token_that_no_gateway_gives_is_not_attempted(keyed_in: KeyedIn) -> None:
    vault = Vault()
    tokens = CapturedTokens(vault, [])
    assert isinstance(await tokens.make(vault.seal(keyed_in(VISA)), Wish("k1")), NotAttempted)


async def test_a_token_for_many_charges_is_made_reusable(keyed_in: KeyedIn) -> None:
    vault = Vault()
    tokens = CapturedTokens(vault, [SandboxGateway(Random(1))])
    made = await tokens.make(vault.seal(keyed_in(VISA)), Wish("k1", reusable=True, owner="acct_1"))
    assert isinstance(made, Token)
    assert made.reusable
