"""Payments and disputes by the command line, with the emulator that speaks like Stripe."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import anyio
import pytest
from sqlalchemy import text

from core.certificate import Certificate, certificate_in
from core.clock import SystemClock
from core.ids import AccountId, PaymentId
from core.money import Money
from db.engine import Work
from db.stores import stored
from payments.desk import Desk
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.route import FirstRoute
from payments.sandbox.books import Books
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect
from payments.session import State
from payments.taken import Held, Order, Paid
from payments.vault import Vault
from tests.integration.payments.branch import DUE, keyed_in, owed

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@dataclass(frozen=True)
class Town:
    """A line's database and its gateway, and a person with the command line."""

    work: Work
    url: str
    emulator: Emulator
    certificate: Certificate
    folder: Path

    async def say(self, *words: str, ends_with: int = 0) -> str:
        command = [sys.executable, "-m", "node", *words]
        settings = {
            "TELLERLINE_DATABASE_URL": self.url,
            "TELLERLINE_LINE_DATA": str(self.folder),
            "TELLERLINE_PAYMENTS_GATEWAY": "sandbox",
            "TELLERLINE_PAYMENTS_STRIPE_URL": self.emulator.url,
            "TELLERLINE_PAYMENTS_STRIPE_KEY": "sk_test_1",
            "TELLERLINE_PAYMENTS_STRIPE_CA": str(self.certificate.authority),
        }
        environment = {**os.environ, **settings}
        done = await anyio.run_process(command, env=environment, check=False, stderr=subprocess.STDOUT)
        said = done.stdout.decode()
        assert done.returncode == ends_with, said
        return said

    async def take(self, *, hold: bool = False) -> PaymentId:
        account = Account(
            "sk_test_1", url=self.emulator.url, authority=self.certificate.authority, name="sandbox"
        )
        gateway, vault, clock = StripeGateway(account), Vault(), SystemClock()
        router, named = FirstRoute([gateway]), {"sandbox": gateway}
        desk = Desk(stored(self.work, clock), vault, named, router, clock=clock, chance=Random(1))
        async with anyio.create_task_group() as group:
            await group.start(desk.run)
            taken = await desk.take(Order(DUE, vault.seal(keyed_in()), AccountId("acct_1"), hold=hold))
            group.cancel_scope.cancel()
        await gateway.close()
        assert isinstance(taken, Paid | Held)
        return taken.payment.id

    async def state(self, payment: PaymentId) -> State:
        found = await stored(self.work, SystemClock()).payments.find(payment)
        assert found is not None
        return found.state


@pytest.fixture
async def town(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Town]:
    certificate = certificate_in(tmp_path)
    async with Emulator(StripeDialect(Books()), certificate.context()) as emulator:
        yield Town(work, url, emulator, certificate, tmp_path)


async def test_a_person_gives_money_back_in_parts_and_no_more_than_was_taken(town: Town) -> None:
    payment = await town.take()
    assert "$20.00  done" in await town.say("payments", "refund", payment, "--amount", "20", "--yes")
    said = await town.say("payments", "refund", payment, "--amount", "110", "--yes", ends_with=2)
    assert "$105.50 left to give back: nothing was" in said
    assert "$105.50  done" in await town.say("payments", "refund", payment, "--yes")
    assert await town.state(payment) is State.REFUNDED
    assert await owed(town.work, "sandbox") == 0
    shown = await town.say("payments", "show", payment)
    assert shown.count("done") == 2
    async with town.work.begin() as tx:
        by = "SELECT count(*) FROM audit WHERE action = 'refund done by hand' AND detail ? 'by'"
        assert (await tx.execute(text(by))).scalar_one() == 2


async def test_the_same_key_gives_back_once(town: Town) -> None:
    payment = await town.take()
    for _ in range(2):
        await town.say("payments", "refund", payment, "--amount", "20", "--key", "case-1", "--yes")
    assert await owed(town.work, "sandbox") == DUE.minor - 2000


async def test_without_yes_a_person_is_asked(town: Town) -> None:
    payment = await town.take()
    assert "Give back all that is left" in await town.say("payments", "refund", payment, ends_with=1)
    assert await town.state(payment) is State.CAPTURED


async def test_what_is_held_is_taken_in_part_or_let_go(town: Town) -> None:
    taken, let_go = await town.take(hold=True), await town.take(hold=True)
    await town.say("payments", "capture", taken, "--amount", "80.00", "--yes")
    await town.say("payments", "void", let_go, "--yes")
    assert (await town.state(taken), await town.state(let_go)) == (State.CAPTURED, State.VOIDED)
    assert await owed(town.work, "sandbox") == Money(8000, "USD").minor


async def test_payments_are_listed_and_a_wrong_name_is_told(town: Town) -> None:
    payment = await town.take()
    assert payment in await town.say("payments", "list", "--state", "captured")
    assert payment not in await town.say("payments", "list", "--state", "declined")
    assert "pay_none" in await town.say("payments", "refund", "pay_none", "--yes", ends_with=2)


async def test_a_dispute_is_noted_listed_and_lost(town: Town) -> None:
    payment = await town.take()
    told = ("disputes", "note", "CB-1", "--payment", payment, "--stage")
    assert "opened" in await town.say(*told, "opened", "--reason", "fraudulent")
    assert await town.state(payment) is State.DISPUTED
    assert "CB-1" in await town.say("disputes", "list", "--stage", "opened")
    await town.say(*told, "lost")
    assert await town.state(payment) is State.CHARGED_BACK
    assert "lost" in await town.say("disputes", "show", "CB-1")
    assert "no dispute 'CB-2'" in await town.say("disputes", "show", "CB-2", ends_with=2)
