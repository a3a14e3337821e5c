"""Past transactions as a CSV file: what a model is trained on."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.errors import BadInput
from core.ids import AccountId, AttemptId
from core.money import Money
from payments.purchase import Method, Purchase

COLUMNS: Final = (
    "at",
    "amount",
    "currency",
    "method",
    "card",
    "brand",
    "caller",
    "account",
    "region",
    "address",
    "declined",
    "fraud",
)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A purchase, whether the bank `declined` it, and whether it turned out to be `fraud`.

    Its fingerprint is any text that is the same for the same card; never a card number.
    """

    purchase: Purchase
    declined: bool
    fraud: bool


def write(file: Path, transactions: Iterable[Transaction]) -> int:
    """Write them; how many there were."""
    count = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(COLUMNS)
        for count, one in enumerate(transactions, 1):  # noqa: B007 - the last number is the answer
            lines.writerow(_line(one))
    return count


def read(file: Path, tell: Callable[[str, float], None]) -> list[Transaction]:
    """Read them, in the order of time. Raises BadInput with the line of the first mistake.

    `tell` hears "reading" and how much of it is done, from 0 to 1.
    """
    try:
        size = max(file.stat().st_size, 1)
        with file.open("rb") as raw:
            found = list(_parsed(file, (line.decode("utf-8") for line in _told(raw, size, tell))))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not text in UTF-8") from None
    return sorted(found, key=lambda one: one.purchase.at)


def _told(raw: Iterable[bytes], size: int, tell: Callable[[str, float], None]) -> Iterator[bytes]:
    done = 0
    for number, line in enumerate(raw):
        done += len(line)
        if number % 1000 == 0:
            tell("reading", done / size)
        yield line
    tell("reading", 1.0)


def _parsed(file: Path, lines: Iterable[str]) -> Iterator[Transaction]:
    rows = csv.DictReader(lines)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadInput(f"{file}: its first line must be {','.join(COLUMNS)}")
    for number, row in enumerate(rows, 2):
        try:
            yield _transaction(number, row)
        except (ValueError, KeyError, TypeError, BadInput) as error:
            raise BadInput(f"{file}, line {number}: {error}") from None


def _transaction(number: int, row: dict[str, str]) -> Transaction:
    card = row["card"]
    if card.isdigit() and len(card) > 11:  # ISO/IEC 7812: a card number has 12 digits at least
        raise BadInput("`card` looks like a card number; it must be a fingerprint, and nothing was kept")
    at = datetime.fromisoformat(row["at"])
    purchase = Purchase(
        AttemptId(f"line_{number}"),
        at if at.tzinfo else at.replace(tzinfo=UTC),
        Money.parse(row["amount"], row["currency"]),
        Method(row["method"]),
        AccountId(row["account"]),
        caller=row["caller"],
        brand=row["brand"],
        fingerprint=card,
        region=row["region"],
        address=row["address"],
    )
    return Transaction(purchase, _YES[row["declined"]], _YES[row["fraud"]])


_YES: Final = {"1": True, "0": False, "": False}


def _line(one: Transaction) -> list[str]:
    purchase = one.purchase
    return [
        purchase.at.isoformat(),
        purchase.amount.decimal,
        purchase.amount.currency,
        purchase.method.value,
        purchase.fingerprint,
        purchase.brand,
        purchase.caller,
        purchase.account,
        purchase.region,
        purchase.address,
        str(int(one.declined)),
        str(int(one.fraud)),
    ]
