"""Writes the dump of a release from an empty database whose URL is given."""

import subprocess
import sys
from datetime import UTC, datetime

import anyio

from core import log
from core.clock import FixedClock
from core.ids import AccountId, CallId, PaymentId
from core.money import Money
from db import migrate
from db.calls import StoredSessions
from db.engine import Work
from db.ledger import post
from db.payments import StoredPayments
from ivr.sessions import Session
from node.parts.postgres import binaries
from payments.ledger import Posting
from payments.session import State
from payments.store import Move, Payment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CALL, BILL = CallId("call_1"), Money(12550, "USD")


async def fill(url: str) -> None:
    """One call that paid one bill."""
    work = Work(url)
    payments, sessions = StoredPayments(work, FixedClock(NOON)), StoredSessions(work)
    await sessions.start(Session(CALL, "+12025550100", "+12025550143", "pay_bill", "node-1", NOON))
    async with work.begin() as tx:
        await post(
            tx,
            "bill:INV-1",
            [Posting("account:acct_1", BILL), Posting("revenue", Money(-12550, "USD"))],
            NOON,
        )
    opened = Payment(
        PaymentId("pay_1"),
        CALL,
        AccountId("acct_1"),
        BILL,
        State.PENDING,
        "sandbox",
        "key-1",
        "visa",
        "4242",
        "R1",
        NOON,
    )
    await payments.open(opened)
    await payments.move(opened.id, Move(State.CAPTURED, "ch_1"))
    await sessions.end(CALL, NOON, "paid", "normal_clearing")
    await work.close()


def main(url: str) -> None:
    """Fill the database and print its dump."""
    log.configure("warning")
    migrate.upgrade(url, jobs=False)
    anyio.run(fill, url)
    dump = [str(binaries() / "pg_dump"), "--no-owner", "--restrict-key=tellerline", url]
    subprocess.run(dump, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
