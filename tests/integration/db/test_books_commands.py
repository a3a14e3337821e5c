"""`tellerline audit`, `ledger` and `jobs`: what they say of books that are right, and that are not."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import anyio
import pytest
from sqlalchemy import text

from core.clock import FixedClock
from core.money import Money
from db.audit import append
from db.engine import Work
from db.jobs import Jobs
from db.ledger import post
from payments.ledger import Posting
from tests.integration.db.conftest import NewPayment
from tests.integration.db.test_jobs_in_postgres import (
    AT_ONCE,
    Asked,
    _left_unknown,
    _until_failed,
    running,
)

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def _said(url: str, *arguments: str, ends_with: int = 0) -> str:
    command = [sys.executable, "-m", "node", *arguments]
    environment = {**os.environ, "TELLERLINE_DATABASE_URL": url}
    done = await anyio.run_process(command, env=environment, check=False, stderr=subprocess.STDOUT)
    said = done.stdout.decode()
    assert done.returncode == ends_with, said
    return said


async def _audited(work: Work, rows: int) -> None:
    for row in range(rows):
        async with work.begin() as tx:
            await append(tx, NOON, "payment opened", f"pay_{row}", {"amount_minor": row})


async def _forged(work: Work, statement: str) -> None:
    async with work.begin() as tx:
        await tx.execute(text("SET LOCAL session_replication_role = replica"))
        await tx.execute(text(statement))


async def test_an_intact_trail_is_told_with_its_head_which_is_found_again(work: Work, url: str) -> None:
    await _audited(work, 3)
    said = await _said(url, "audit", "verify")
    head = re.search(r"3 rows, .* The head is (3:[0-9a-f]{64})\n", said)
    assert head is not None
    await _audited(work, 1)
    assert "4 rows" in await _said(url, "audit", "verify", "--noted", head[1])


async def test_an_edited_row_of_the_trail_is_named(work: Work, url: str) -> None:
    await _audited(work, 3)
    await _forged(work, "UPDATE audit SET subject = 'pay_x' WHERE seq = 2")
    assert "broken at row 2" in await _said(url, "audit", "verify", ends_with=1)


async def test_an_end_that_was_cut_off_is_found_by_its_head(work: Work, url: str) -> None:
    await _audited(work, 3)
    head = (await _said(url, "audit", "verify")).split()[-1]
    await _forged(work, "DELETE FROM audit WHERE seq = 3")
    assert "2 rows" in await _said(url, "audit", "verify")
    assert "broken at row 3" in await _said(url, "audit", "verify", "--noted", head, ends_with=1)


async def test_an_empty_trail_is_told(url: str) -> None:
    assert "is empty" in await _said(url, "audit", "verify")


async def test_what_is_no_head_is_refused(url: str) -> None:
    said = await _said(url, "audit", "verify", "--noted", "3", ends_with=2)
    assert "is no head: give ROW:HASH" in said


async def test_a_ledger_that_agrees_is_told(work: Work, url: str) -> None:
    await _billed(work)
    assert "Every balance is the sum" in await _said(url, "ledger", "check")


async def test_a_forged_balance_is_shown_beside_the_sum_of_its_entries(work: Work, url: str) -> None:
    await _billed(work)
    await _forged(work, "UPDATE ledger_balances SET balance_minor = 5")
    said = await _said(url, "ledger", "check", ends_with=1)
    assert re.search(r"account:acct_1 +\$0\.05 +\$10\.00", said), said


async def test_a_dead_job_is_listed_and_sent_again(
    work: Work, url: str, clock: FixedClock, new_payment: NewPayment
) -> None:
    assert "No job has failed" in await _said(url, "jobs", "dead")
    asked, payment = Asked(failures=3), new_payment()
    jobs = Jobs(work, url, asked.settle, AT_ONCE)
    await _left_unknown(work, clock, payment, jobs)
    async with running(jobs):
        await _until_failed(jobs)
        (letter,) = await jobs.dead_letters()
        assert payment.id in await _said(url, "jobs", "dead")
        assert f"Sent once more: {letter.id}" in await _said(url, "jobs", "dead", "--again", str(letter.id))
        await asked.times(4)
    assert "No job has failed" in await _said(url, "jobs", "dead")


async def _billed(work: Work) -> None:
    async with work.begin() as tx:
        ten = Money(1000, "USD")
        await post(
            tx, "bill:1", [Posting("account:acct_1", ten), Posting("revenue", Money(-1000, "USD"))], NOON
        )
