"""The audit chain: whatever is done to it by somebody who may do everything is found."""

from datetime import UTC, datetime

import anyio
import pytest
from sqlalchemy import text

from db.audit import Broken, Head, Intact, append, verify
from db.engine import Work

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_DETAIL: dict[str, str | int | bool | None] = {"ü": None, "ref": 'a\n"b" \\ \x01\x7f é €', "to": True}
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


async def _write(work: Work, rows: int) -> Head:
    for number in range(rows):
        async with work.begin() as tx:
            await append(tx, NOON, "payment moved", f"pay_{number}", _DETAIL | {"amount_minor": number})
    found = await verify(work)
    assert isinstance(found, Intact)
    assert found.head is not None
    return found.head


async def _tamper(work: Work, *statements: str) -> None:
    async with work.begin() as tx:
        await tx.execute(text("SET LOCAL session_replication_role = replica"))  # the triggers sleep
        for statement in statements:
            await tx.execute(text(statement))


async def test_an_empty_trail_is_intact(work: Work) -> None:
    assert await verify(work) == Intact(0, None)


async def test_an_untouched_trail_is_intact(work: Work) -> None:
    newest = await _write(work, 5)
    assert await verify(work, noted=newest) == Intact(5, newest)


@pytest.mark.parametrize(
    "edit",
    [
        "action = 'payment opened'",
        "subject = 'pay_x'",
        "detail = '{\"amount_minor\": 1}'",
        "at = at + interval '1 microsecond'",
        "hash = sha256('x')",
    ],
)
async def test_an_edit_is_found(work: Work, edit: str) -> None:
    await _write(work, 5)
    await _tamper(work, f"UPDATE audit SET {edit} WHERE seq = 3")
    found = await verify(work)
    assert isinstance(found, Broken)
    assert found.seq == 3


async def test_a_removed_row_is_found(work: Work) -> None:
    await _write(work, 5)
    await _tamper(work, "DELETE FROM audit WHERE seq = 3")
    assert await verify(work) == Broken(4, "row 3 is missing")


async def test_a_removed_row_is_found_when_the_rest_is_renumbered(work: Work) -> None:
    await _write(work, 5)
    await _tamper(work, "DELETE FROM audit WHERE seq = 3", "UPDATE audit SET seq = 3 WHERE seq = 4")
    found = await verify(work)
    assert isinstance(found, Broken)
    assert found.seq == 3


async def test_rows_that_changed_places_are_found(work: Work) -> None:
    await _write(work, 5)
    swap = "UPDATE audit SET seq = {} WHERE seq = {}"
    await _tamper(work, swap.format(99, 2), swap.format(2, 3), swap.format(3, 99))
    found = await verify(work)
    assert isinstance(found, Broken)
    assert found.seq == 2


async def test_a_cut_end_is_found_by_a_head_that_was_noted(work: Work) -> None:
    newest = await _write(work, 5)
    await _tamper(work, "DELETE FROM audit WHERE seq > 3")
    assert isinstance(await verify(work), Intact)
    found = await verify(work, noted=newest)
    assert isinstance(found, Broken)
    assert found.seq == 5


async def test_many_writers_at_once_make_one_chain(work: Work) -> None:
    async def one(number: int) -> None:
        async with work.begin() as tx:
            await append(tx, NOON, "bills imported", str(number), {})

    async with anyio.create_task_group() as group:
        for number in range(60):
            group.start_soon(one, number)

    found = await verify(work)
    assert isinstance(found, Intact)
    assert found.rows == 60
