"""Cards between the keypad and the gateway."""

from collections.abc import Callable
from datetime import date

import anyio
import pytest

from core.errors import BadInput, CannotKeepSecret
from payments.brand import Brand
from payments.card import CardEntry, CardField
from payments.vault import Vault

pytestmark = pytest.mark.anyio
KeyedIn = Callable[[bytes], CardEntry]
VISA = b"4242424242424242"


async def test_a_sealed_card_tells_brand_and_last_four_only(keyed_in: KeyedIn) -> None:
    vault = Vault()
    sealed = vault.seal(keyed_in(VISA))
    assert (sealed.brand, sealed.last4) == (Brand.VISA, "4242")
    assert "42424" not in repr(sealed)
    vault.wipe_all()


async def test_a_card_leaves_the_vault_once_and_is_wiped_after_use(keyed_in: KeyedIn) -> None:
    vault, entry = Vault(), keyed_in(VISA)
    sealed = vault.seal(entry)
    with vault.opened(sealed) as opened:
        assert opened is entry
        assert opened.count(CardField.NUMBER) == 16
    with vault.opened(sealed) as again:
        assert again is None
    assert entry.count(CardField.NUMBER) == 0


async def test_a_card_is_wiped_when_its_use_fails(keyed_in: KeyedIn) -> None:
    vault, entry = Vault(), keyed_in(VISA)
    with pytest.raises(RuntimeError), vault.opened(vault.seal(entry)):
        raise RuntimeError
    assert entry.count(CardField.NUMBER) == 0


async def test_a_card_that_waits_too_long_is_wiped(keyed_in: KeyedIn) -> None:
    vault, entry = Vault(ttl_s=120), keyed_in(VISA)
    async with anyio.create_task_group() as group:
        await group.start(vault.run)
        vault.seal(entry)
        await anyio.sleep(119)
        assert entry.count(CardField.NUMBER) == 16
        await anyio.sleep(2)
        assert entry.count(CardField.NUMBER) == 0
        group.cancel_scope.cancel()


async def test_an_old_card_is_not_given_out_even_if_nobody_swept(keyed_in: KeyedIn) -> None:
    vault = Vault(ttl_s=1)
    sealed = vault.seal(keyed_in(VISA))
    await anyio.sleep(2)
    with vault.opened(sealed) as opened:
        assert opened is None


async def test_all_cards_are_wiped_when_the_process_stops(keyed_in: KeyedIn) -> None:
    vault, entry = Vault(), keyed_in(VISA)
    async with anyio.create_task_group() as group:
        await group.start(vault.run)
        vault.seal(entry)
        group.cancel_scope.cancel()
    assert (len(vault), entry.count(CardField.NUMBER)) == (0, 0)


async def test_a_card_that_is_not_complete_is_not_sealed(keyed_in: KeyedIn) -> None:
    with keyed_in(VISA) as entry:
        entry.drop_last(CardField.EXPIRY)
        with pytest.raises(BadInput):
            Vault().seal(entry)


async def test_a_full_vault_takes_no_more(keyed_in: KeyedIn) -> None:
    vault = Vault(limit=1)
    vault.seal(keyed_in(VISA))
    with keyed_in(VISA) as entry, pytest.raises(CannotKeepSecret):
        vault.seal(entry)
    vault.wipe_all()


async def test_a_bank_account_is_sealed_by_its_last_two_digits() -> None:
    vault, entry = Vault(), CardEntry()
    for field, digits in ((CardField.ROUTING, b"021000021"), (CardField.ACCOUNT, b"000123456789")):
        for digit in digits:
            entry.append(field, digit)
        with pytest.raises(BadInput):
            vault.seal_account(entry)
        entry.finish(field, date(2026, 11, 20))
    sealed = vault.seal_account(entry)
    assert sealed.last2 == "89"
    vault.drop(sealed)
    assert (len(vault), entry.count(CardField.ACCOUNT)) == (0, 0)
