"""kill -9 at every step of a payment: nothing is lost, and nobody is charged twice."""

import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio
import pytest
from anyio.abc import Process

from core.certificate import Certificate, certificate_in
from core.clock import SystemClock
from db.engine import Work
from db.stores import stored
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway
from payments.reconcile import Reconciler
from payments.sandbox.books import Books
from payments.sandbox.faults import Fault, Trouble, Troubles
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect
from payments.session import OPEN, State
from tests.integration.payments.branch import AT_ONCE, DUE, owed
from tests.integration.payments.teller import KEY

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


class Watched(Troubles):
    """Tells when the trouble that was planned has begun."""

    def __init__(self) -> None:
        super().__init__(anyio.current_time)
        self.begun = anyio.Event()

    def next(self, path: str) -> Trouble | None:
        trouble = super().next(path)
        if trouble is not None:
            self.begun.set()
        return trouble


@dataclass(frozen=True)
class Town:
    """The database and the vendor, which live on when a teller dies."""

    work: Work
    url: str
    emulator: Emulator
    certificate: Certificate

    async def teller(self, step: str) -> Process:
        """A process that takes the payment, and dies at that step."""
        where = (self.url, self.emulator.url, str(self.certificate.authority), step)
        command = [sys.executable, "-m", "tests.integration.payments.teller", *where]
        return await anyio.open_process(command, stdout=PIPE, stderr=DEVNULL, cwd=Path(__file__).parents[3])

    def charged(self) -> list[int]:
        """What the vendor took."""
        charges = self.emulator.books.listed("charge")
        return [made["amount_captured"] - made["amount_refunded"] for made in charges if made["captured"]]

    async def reconcile(self) -> State | None:
        """Another node asks until the payment is settled; where it then stands."""
        account = Account(
            "sk_test_1", url=self.emulator.url, authority=self.certificate.authority, name="sandbox"
        )
        gateway, stores = StripeGateway(account), stored(self.work, SystemClock())
        reconciler = Reconciler(stores, {"sandbox": gateway}, SystemClock(), AT_ONCE)
        try:
            await reconciler.sweep()
            found = await stores.payments.attempted(KEY)
        finally:
            await gateway.close()
        payment = found.payment if found is not None else None
        return payment.state if payment is not None else None


@pytest.fixture
async def town(work: Work, url: str, tmp_path: Path) -> AsyncIterator[Town]:
    certificate = certificate_in(tmp_path)
    async with Emulator(StripeDialect(Books()), certificate.context()) as emulator:
        yield Town(work, url, emulator, certificate)


async def said(teller: Process) -> str:
    """Its last word, once it ended well."""
    assert teller.stdout is not None
    words = b"".join([part async for part in teller.stdout])
    assert await teller.wait() == 0
    return words.decode().split()[-1]


@pytest.mark.parametrize(
    ("step", "state", "charges"),
    [
        ("before_write", None, 0),
        ("after_write", State.NOT_ATTEMPTED, 0),
        ("before_send", State.NOT_ATTEMPTED, 0),
        ("after_answer", State.CAPTURED, 1),
        ("after_move", State.CAPTURED, 1),
    ],
)
async def test_a_teller_killed_at_any_step_leaves_books_that_agree(
    town: Town, step: str, state: State | None, charges: int
) -> None:
    teller = await town.teller(step)
    assert await teller.wait() == -signal.SIGKILL
    await agrees(town, state, charges)


async def test_a_teller_killed_after_it_sent_leaves_books_that_agree(town: Town) -> None:
    town.emulator.troubles.plan(Trouble(Fault.HANG, "/v1/payment_intents"))
    teller = await town.teller("never")
    with anyio.fail_after(60):
        while not town.charged():  # noqa: ASYNC110 - the charge is made in another process
            await anyio.sleep(0.01)
    teller.kill()
    await teller.wait()
    await agrees(town, State.CAPTURED, 1)


async def test_a_teller_killed_before_the_vendor_did_anything_leaves_books_that_agree(town: Town) -> None:
    town.emulator.troubles = watched = Watched()
    watched.plan(Trouble(Fault.SLOW, "/v1/payment_intents", 600))
    teller = await town.teller("never")
    with anyio.fail_after(60):
        await watched.begun.wait()
    teller.kill()
    await teller.wait()
    await agrees(town, State.NOT_ATTEMPTED, 0)


async def agrees(town: Town, state: State | None, charges: int) -> None:
    """The books agree at once after a look; the same order again ends with one charge at most."""
    assert await town.reconcile() is state
    assert town.charged() == [DUE.minor] * charges
    assert await owed(town.work, "sandbox") == DUE.minor * charges
    again = await said(await town.teller("never"))
    assert again == ("NotTaken" if state is State.NOT_ATTEMPTED else "Paid")
    assert await town.reconcile() not in OPEN
    assert await owed(town.work, "sandbox") == sum(town.charged()) <= DUE.minor
