"""A process that trades cards for tokens, searched byte by byte: no number stays in its memory."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

CARDS = 100

EMULATOR = """
import sys
from node.commands.sandbox import sandbox
sandbox(["--port", "0", "--folder", sys.argv[1]])
"""

# The worker makes its numbers itself, digit by digit, and tells the searcher the sum of each only at the end,
# as differences to a pad: so the numbers' own bytes never stand in its memory but where the product put them.
WORKER = """
import json, secrets, sys
from datetime import date
from pathlib import Path
import anyio
from payments.card import CardEntry, CardField
from payments.orders import Token
from payments.gateways.stripe.account import Account
from payments.gateways.stripe.gateway import StripeGateway

async def main(url, folder, cards, leak):
    gateway = StripeGateway(Account("sk_test_1", url=url, authority=Path(folder) / "ca.pem"))
    told, kept = [], []
    for turn in range(cards):
        body = [4] + [secrets.randbelow(10) for _ in range(14)]
        total = sum(d if place % 2 else (2 * d - 9 * (d > 4)) for place, d in enumerate(body))
        digits = [*body, -total % 10]
        with CardEntry() as entry:
            for field, keys in zip(CardField, (digits, [1, 2, 3, 4], [1, 2, 3])):
                for key in keys:
                    entry.append(field, 48 + key)
                assert entry.finish(field, date(2026, 11, 20)) is None
            if leak:
                with entry.number.view() as seen:
                    kept.append(bytes(seen))
            assert isinstance(await gateway.tokenize(entry, f"key_{turn}"), Token)
        told.append([digit + 100 for digit in digits])
    print(json.dumps(told), flush=True)
    sys.stdin.read(1)
    await gateway.close()

anyio.run(main, sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "leak")
"""


@contextmanager
def running(program: str, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


def cards_left_in_a_worker(folder: Path, how: str) -> int:
    """How many of the numbers that a worker tokenized can be read from its memory afterwards."""
    with running(EMULATOR, str(folder)) as emulator:
        assert emulator.stdout is not None
        url = re.search(r"https://\S+\d", emulator.stdout.readline().decode())
        assert url is not None
        with running(WORKER, url[0], str(folder), str(CARDS), how) as worker:
            assert worker.stdout is not None
            told = json.loads(worker.stdout.readline())
            memory = memory_of(worker.pid)
    numbers = [bytes(48 + digit - 100 for digit in digits) for digits in told]
    assert len(numbers) == CARDS
    return sum(any(number in region for region in memory) for number in numbers)


def memory_of(pid: int) -> list[bytes]:
    """All that a process can write to, which for a child of ours the kernel lets us read (ptrace(2))."""
    regions = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            first, last = (int(address, 16) for address in span.split("-"))
            if rights.startswith("rw"):
                regions.append(os.pread(memory.fileno(), last - first, first))
    return regions


def test_after_a_hundred_cards_no_number_is_left_in_memory(tmp_path: Path) -> None:
    assert cards_left_in_a_worker(tmp_path, "clean") == 0


def test_the_search_finds_every_number_that_was_kept(tmp_path: Path) -> None:
    assert cards_left_in_a_worker(tmp_path, "leak") == CARDS


def test_the_books_of_the_emulator_hold_no_number(tmp_path: Path) -> None:
    cards_left_in_a_worker(tmp_path, "clean")
    written = (tmp_path / "books.jsonl").read_bytes()
    assert written.count(b'"payment_method"') >= CARDS
    assert not re.search(rb"(?<![0-9a-f])4\d{15}(?![0-9a-f])", written)
