"""Rehearsals played against a line of fakes: what is the same, and what differs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import anyio
import pytest

from core.events import CallHandedOver, CardProgress, PaymentMoved
from core.ids import PaymentId
from rehearsal.fake import FakeCall, FakeLine, FakeRows, Flow
from rehearsal.play import play
from rehearsal.reading import parse_script
from rehearsal.result import NotPlayed, Played, Result, as_json
from rehearsal.rows import Row, Rows
from rehearsal.several import play_all
from rehearsal.stage import Stage

pytestmark = pytest.mark.anyio

FILE = Path("pay.yaml")


async def pay_bill(call: FakeCall) -> None:
    call.say("welcome", "Welcome to Example Water.")
    account = ""
    while (key := await call.key()) != "#":
        account += key
    if account != "12345678":
        call.say("no_such_account")
        call.end("gave_up")
        return
    call.say("ask_card", "Please enter your card number.")
    for _ in range(16):
        await call.key()
    call.tell(CardProgress(call.id, "number", "xxxxxxxxxxxx4242", complete=True))
    call.tell(PaymentMoved(call.id, PaymentId("pay_1"), "captured", 12550, "USD", "sandbox", ""))
    call.say("thank_you", "Thank you. Goodbye.")
    call.end("paid")


def stage(flow: Flow, rows: Rows | None = None, **line: str) -> Stage:
    fake = FakeLine(flow, **line)
    return Stage(fake.new_phone, fake, Random(1), rows)


async def rehearse(flow: Flow, text: str, rows: Rows | None = None) -> Result:
    with anyio.fail_after(10):
        return await play(parse_script('dial: "2000"\n' + text, FILE), stage(flow, rows))


def differences(result: Result) -> list[str]:
    assert isinstance(result, Played), result
    return [f"{one.line}: {one.what}" for one in result.differences]


GOOD = """steps:
  - hear: welcome
  - press: "12345678#"
  - hear_all: card number
  - card: random
expect:
  outcome: paid
  said: [welcome, Please enter, thank_you]
  not_said: [no_such_account]
"""


async def test_a_call_that_goes_as_written_is_the_same() -> None:
    result = await rehearse(pay_bill, GOOD)

    assert isinstance(result, Played)
    assert result.same
    assert result.outcome == "paid"
    assert result.caller.startswith("+1555")
    assert result.call is not None


async def test_the_timeline_tells_who_did_what_and_shows_cards_as_dots() -> None:
    result = await rehearse(pay_bill, GOOD)

    assert isinstance(result, Played)
    told = [f"{entry.who.value}: {entry.what}" for entry in result.entries]
    assert "line: “Welcome to Example Water.” (welcome)" in told
    assert "caller: presses 12345678#" in told
    assert f"caller: presses {'•' * 16} (card number)" in told
    assert "money: captured · 125.50 USD · sandbox" in told
    assert len(result.cards) == 1
    assert result.cards[0] not in repr(result) + str(as_json(result)) + str(result.entries)


async def test_rows_are_compared_with_the_calls_own_id_and_number() -> None:
    seen: list[str] = []

    class Spy:
        async def find(self, table: str, where: Mapping[str, str], columns: Sequence[str]) -> list[Row]:
            seen.append(where["call"])
            return [{"state": "captured"}]

    expected = "  rows:\n    - {table: payments, where: {call: $call}, columns: {state: captured}}\n"
    result = await rehearse(pay_bill, GOOD + expected, Spy())

    assert isinstance(result, Played)
    assert result.same
    assert seen == [result.call]


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("steps:\n  - hear: goodbye\n    within: 20ms\n",
         "3: the line did not say goodbye within 0.02 s; it said: welcome"),
        ('steps:\n  - press: "1#"\n  - hear: thank_you\n',
         "4: the call ended before the line said thank_you; it said: welcome, no_such_account"),
        ("steps:\n  - hang_up\n  \nexpect:\n  outcome: paid\n", "5: the outcome is caller_left, not paid"),
        ('steps:\n  - press: "1#"\nexpect:\n  said: [no_such_account, welcome]\n',
         "4: welcome was not said in its place; the line said: welcome, no_such_account"),
        ('steps:\n  - press: "1#"\nexpect:\n  not_said: [WELCOME to]\n', '4: "WELCOME to" was said'),
        ('steps:\n  - press: "1#"\nexpect:\n  first_sound: 1s\n', "4: no sound was heard at all"),
        ("max: 50ms\nsteps:\n  - wait: 5s\n", "4: the call was not over after 0.05 s"),
        ("steps:\n  - expect_hang_up\n    \n", "3: the line did not hang up within 15 s"),
        ("steps:\n  - expect_transfer: agents\n    within: 20ms\n",
         "3: the call was not handed over to agents within 0.02 s"),
    ],
)  # fmt: skip
async def test_what_differs_is_told_with_its_line(text: str, difference: str) -> None:
    async def flow(call: FakeCall) -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(pay_bill, call)
            await call.over.wait()
            tasks.cancel_scope.cancel()
            if not call.by_line:
                call.end("caller_left")

    result = await rehearse(flow, text.replace("expect_hang_up\n    ", "expect_hang_up:\n    within: 20ms"))

    assert differences(result) == [difference.replace("15 s", "0.02 s")]


async def test_a_call_that_is_handed_over_elsewhere_is_told() -> None:
    async def flow(call: FakeCall) -> None:
        call.tell(CallHandedOver(call.id, "202", "answered"))
        call.end("handed_over")

    assert differences(await rehearse(flow, 'steps:\n  - expect_transfer: "202"\n')) == []
    assert differences(await rehearse(flow, 'steps:\n  - expect_transfer: "201"\n')) == [
        "3: the call was handed over to 202, not to 201"
    ]


async def test_a_row_that_never_comes_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehearsal.checks.ROWS_S", 0.05)
    rows = FakeRows({"payments": [{"state": "declined", "amount_minor": "12550"}]})

    result = await rehearse(
        pay_bill,
        GOOD
        + "  rows:\n"
        + "    - {table: payments, columns: {state: captured, amount_minor: 12550}}\n"
        + "    - {table: payments, where: {state: captured}}\n",
        rows,
    )

    assert differences(result) == [
        "12: payments.state is 'declined', not 'captured'",
        "13: payments: 0 row(s) where state = captured, not 1",
    ]


async def test_a_busy_line_is_a_difference() -> None:
    with anyio.fail_after(10):
        result = await play(
            parse_script('dial: "2000"\nsteps:\n  - hang_up\n', FILE),
            stage(pay_bill, refuses="486 Busy Here"),
        )

    assert differences(result) == ["1: the line did not pick up: 486 Busy Here"]


async def test_a_line_that_tells_nothing_of_the_call_is_no_difference_but_out_of_reach(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rehearsal.play.TOLD_S", 0.05)
    dialed, elsewhere = FakeLine(pay_bill), FakeLine(pay_bill)

    with anyio.fail_after(10):
        result = await play(
            parse_script('dial: "2000"\nsteps:\n  - hang_up\n', FILE),
            Stage(dialed.new_phone, elsewhere, Random(1)),
        )

    assert isinstance(result, NotPlayed)
    assert "told nothing of the call" in result.reason


async def test_rows_without_a_database_are_not_passed_over() -> None:
    result = await rehearse(pay_bill, GOOD + "  rows:\n    - table: payments\n")

    assert isinstance(result, NotPlayed)
    assert "--database" in result.reason


async def test_calls_at_once_from_one_number_are_told_apart() -> None:
    script = parse_script('dial: "2000"\nfrom: "+15550123"\n' + GOOD, FILE)

    with anyio.fail_after(20):
        results = await play_all([script], stage(pay_bill), repeat=6, at_once=3)

    calls = {result.call for result in results if isinstance(result, Played) and result.same}
    assert len(calls) == 6
