"""After a number went to a gateway, nothing that Python can reach holds it.

All objects are gone through, so this is a process of its own: among what thousands of tests and their
libraries leave behind it takes minutes.
"""

import asyncio
import gc
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.clock import SystemClock
from node.gateways import PROCESSORS
from payments.bank import Holder
from payments.capabilities import Can
from payments.card import CardEntry, CardField
from payments.gateways.braintree.account import Account as BraintreeAccount
from payments.gateways.braintree.gateway import BraintreeGateway
from payments.gateways.paypal.account import Account as PayPalAccount
from payments.gateways.paypal.gateway import PayPalGateway
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.orders import Token
from payments.sandbox.dialects import DIALECTS
from tests.keyed import TODAY, canary, keyed_in

pytestmark = pytest.mark.anyio

PROGRAM = """
import sys
from node.commands.sandbox import sandbox
sandbox(["--port", "0", "--folder", sys.argv[1]])
"""


@asynccontextmanager
async def emulator_process(folder: Path) -> AsyncIterator[tuple[dict[str, str], Path]]:
    """The shipped emulator, in a process of its own: the dialects' addresses and its authority."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        urls: dict[str, str] = {}
        for _ in DIALECTS:
            line = (await process.stdout.readline()).decode()
            told = re.match(r"([\w ]+)'s dialect at (https://\S+\d)", line)
            assert told is not None, line
            urls[told[1]] = told[2]
        yield urls, folder / "ca.pem"
    finally:
        process.kill()
        await process.wait()


def stripe(urls: dict[str, str], authority: Path) -> StripeGateway:
    return StripeGateway(Account("sk_test_1", url=urls["Stripe"], authority=authority))


def braintree(urls: dict[str, str], authority: Path) -> BraintreeGateway:
    url = urls["Braintree"]
    return BraintreeGateway(
        BraintreeAccount("shop", "public", "private", url=url, graphql_url=url, authority=authority)
    )


def paypal(urls: dict[str, str], authority: Path) -> PayPalGateway:
    account = PayPalAccount("client", "secret", url=urls["PayPal"], authority=authority)
    return PayPalGateway(account, SystemClock())


Opens = Callable[[dict[str, str], Path], StripeGateway | BraintreeGateway | PayPalGateway]


def test_every_processor_that_takes_a_number_is_watched() -> None:
    raw = {name for name, one in PROCESSORS.items() if Can.RAW_CARD in one.capabilities.can}
    assert raw == {opens.__name__ for opens in WATCHED}


WATCHED: tuple[Opens, ...] = (stripe, braintree, paypal)


@pytest.mark.parametrize("opens", WATCHED)
async def test_tokenizing_leaves_no_copy_of_the_number_among_pythons_objects(
    tmp_path: Path, opens: Opens
) -> None:
    codes = canary()
    async with emulator_process(tmp_path) as (urls, authority):
        gateway = opens(urls, authority)
        with keyed_in(codes) as card:
            token = await gateway.tokenize(card, "key_1")
            assert copies_of(codes) == 0
        await gateway.close()
    assert isinstance(token, Token)
    assert_only_the_last_four_are_left(codes, tmp_path)


async def test_tokenizing_leaves_no_copy_of_a_bank_accounts_number(tmp_path: Path) -> None:
    codes = [48 + secrets.randbelow(10) for _ in range(16)]
    async with emulator_process(tmp_path) as (urls, authority):
        gateway = stripe(urls, authority)
        with CardEntry() as entry:
            for name, digits in ((CardField.ROUTING, list(b"110000000")), (CardField.ACCOUNT, codes)):
                for digit in digits:
                    entry.append(name, digit)
                assert entry.finish(name, TODAY) is None
            token = await gateway.tokenize_account(entry, Holder("acct_1"), "key_1")
            assert copies_of(codes) == 0
        await gateway.close()
    assert isinstance(token, Token)
    assert_only_the_last_four_are_left(codes, tmp_path)


def test_the_search_for_copies_finds_a_planted_one() -> None:
    codes = canary()
    planted: dict[str, list[bytes | bytearray]] = {"log": [b"number=" + bytes(codes)]}
    assert copies_of(codes) == 1
    planted["log"].append(bytearray(codes))
    assert copies_of(codes) == 2
    text = ["number " + bytes(codes).decode()]
    assert copies_of(codes) == 3
    del planted, text
    assert copies_of(codes) == 0


def assert_only_the_last_four_are_left(codes: list[int], folder: Path) -> None:
    """Python holds no copy, and the emulator's notes in the folder have no more than its end."""
    assert copies_of(codes) == 0
    written = b"".join(file.read_bytes() for file in folder.glob("*.jsonl"))
    assert bytes(codes[-4:]) in written
    assert bytes(codes) not in written


def copies_of(codes: list[int]) -> int:
    """How many strings and byte strings that Python can reach hold the number."""
    needle = bytes(codes)
    word = needle.decode()
    gc.collect()
    found = {
        id(thing)
        for thing in reachable()
        if (isinstance(thing, bytes | bytearray) and needle in thing and thing is not needle)
        or (isinstance(thing, str) and word in thing and thing is not word)
    }
    return len(found)


def reachable() -> Iterator[object]:
    """Everything that the collector tracks, and what those refer to: strings are not tracked themselves.

    The list of all that is tracked ends with this: were it ever garbage in a cycle, it would drag along what
    other threads and greenlets are about to free, and the collector would crash on it.
    """
    tracked = gc.get_objects()
    for thing in tracked:
        yield thing
        if thing is not tracked:
            yield from gc.get_referents(thing)
