"""A file of bills, read and checked: every mistake is found, with its line, before anything is written."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

import phonenumbers

from core.errors import BadInput
from core.money import Money
from messages.message import Channel, channel_of

COLUMNS = ("account", "callers", "name", "amount", "currency", "invoice")
OPTIONAL = ("email", "phone", "language")
"""Columns that a file may have: where receipts go, and in which language."""

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is done, from 0 to 1."""

_MISTAKES_SHOWN = 50
_LENGTH = 200
_EVERY = 2000
_NUMBER = re.compile(r"[0-9]{1,20}")
_SEVERAL = re.compile(r"[;,|]")
_LANGUAGE = re.compile(r"([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")


@dataclass(frozen=True, slots=True)
class Contact:
    """How a customer gets receipts: a mail address, a number for text messages (E.164), a language code."""

    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class BillRow:
    """One invoice; `account` is the number that the customer keys in, `callers` its telephones (E.164)."""

    line: int
    account: str
    callers: tuple[str, ...]
    name: str
    amount: Money
    invoice: str
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in which line of the file; the first line, the names of the columns, is line 1."""

    line: int
    why: str


def read_bills(path: Path, region: str | None = None, progress: Progress | None = None) -> list[BillRow]:
    """All bills of a UTF-8 CSV file whose first line names COLUMNS, and OPTIONAL ones, in any order.

    `callers` holds any number of telephone numbers, parted by `;`, in international form
    (+1 202 555 0143), or as dialled in `region` (US) when given. Raises BadInput with every mistake.
    """
    rows: list[BillRow] = []
    mistakes: list[Mistake] = []
    seen: dict[str, BillRow] = {}
    currencies: dict[str, BillRow] = {}
    for line, fields in _lines(path, progress or _silent):
        row = _row(line, fields, region, mistakes)
        if row is None:
            continue
        first = seen.setdefault(row.invoice, row)
        if first is not row:
            mistakes.append(Mistake(line, f"invoice {row.invoice} stands in line {first.line} already"))
        other = currencies.setdefault(row.account, row)
        if other.amount.currency != row.amount.currency:
            mistakes.append(
                Mistake(line, f"account {row.account} has {other.amount.currency} in line {other.line}")
            )
        rows.append(row)
    if mistakes:
        raise BadInput(told(path, mistakes))
    return rows


def told(path: Path, mistakes: list[Mistake]) -> str:
    """All mistakes as one message, one a line, in the order of the file."""
    shown = sorted(mistakes, key=lambda mistake: mistake.line)[:_MISTAKES_SHOWN]
    lines = [f"{path}, line {mistake.line}: {mistake.why}" for mistake in shown]
    if len(mistakes) > len(shown):
        lines.append(f"and {len(mistakes) - len(shown)} more mistakes")
    return "\n".join([*lines, "nothing was imported: mend the file and import it again"])


def _lines(path: Path, progress: Progress) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            size = max(1, path.stat().st_size)
            reader = csv.DictReader(file, strict=True)
            _check_header(path, reader.fieldnames or [])
            for count, fields in enumerate(reader):
                if count % _EVERY == 0:
                    progress("reading", min(1.0, raw.tell() / size))
                yield reader.line_num, _text(fields)
            progress("reading", 1.0)
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8: export it as CSV in UTF-8") from None
    except csv.Error as problem:
        raise BadInput(f"{path}, line {reader.line_num}: not CSV: {problem}") from None


def _check_header(path: Path, names: object) -> None:
    found = [str(name).strip().lower() for name in names] if isinstance(names, list | tuple) else []
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise BadInput(
            f"{path}, line 1: no column {', '.join(missing)}; the first line must be: {','.join(COLUMNS)}"
        )


def _text(fields: dict[str | None, str | list[str] | None]) -> dict[str, str]:
    clean = {
        str(name).strip().lower(): value.strip() for name, value in fields.items() if isinstance(value, str)
    }
    if None in fields:
        clean["more"] = "yes"
    return clean


def _row(line: int, fields: dict[str, str], region: str | None, mistakes: list[Mistake]) -> BillRow | None:
    found: list[str] = []
    if "more" in fields or any(name not in fields for name in COLUMNS):
        mistakes.append(Mistake(line, f"a line has {len(COLUMNS)} fields, like the first"))
        return None
    if not _NUMBER.fullmatch(fields["account"]):
        found.append(f"account {fields['account']!r} is not a number of 1 to 20 digits, as callers key it in")
    if not 0 < len(fields["invoice"]) <= _LENGTH:
        found.append(f"the invoice's reference must have 1 to {_LENGTH} characters")
    if len(fields["name"]) > _LENGTH:
        found.append(f"the name has more than {_LENGTH} characters")
    callers = _callers(fields["callers"], region, found)
    amount = _amount(fields["amount"], fields["currency"].upper(), found)
    contact = _contact(fields, region, found)
    mistakes.extend(Mistake(line, why) for why in found)
    if found or amount is None:
        return None
    return BillRow(line, fields["account"], callers, fields["name"], amount, fields["invoice"], contact)


def _contact(fields: dict[str, str], region: str | None, found: list[str]) -> Contact:
    email, language = fields.get("email", ""), fields.get("language", "")
    phones = _callers(fields.get("phone", ""), region, found)
    if email:
        try:
            is_mail = channel_of(email) is Channel.EMAIL
        except BadInput:
            is_mail = False
        if not is_mail:
            found.append("email is no mail address: write it like robin@example.com")
    if len(phones) > 1:
        found.append("phone is one number: the one that text messages go to")
    if not _LANGUAGE.fullmatch(language):
        found.append(f"{language!r} is not a language code such as en or es")
    return Contact(email, phones[0] if phones else "", language)


def _callers(text: str, region: str | None, found: list[str]) -> tuple[str, ...]:
    callers: dict[str, None] = {}
    for part in filter(None, map(str.strip, _SEVERAL.split(text))):
        try:
            number = phonenumbers.parse(part, region)
        except phonenumbers.NumberParseException:
            found.append(f"{part!r} is not a telephone number: write it like +12025550143")
            continue
        if not phonenumbers.is_possible_number(number):
            found.append(f"{part!r} is too short or too long for a telephone number of its country")
            continue
        callers[phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)] = None
    return tuple(callers)


def _amount(text: str, currency: str, found: list[str]) -> Money | None:
    try:
        amount = Money.parse(text, currency)
    except BadInput as problem:
        found.append(str(problem))
        return None
    if amount.minor == 0:
        found.append("the amount is zero")
    return amount


def _silent(_doing: str, _done: float) -> None:
    pass
