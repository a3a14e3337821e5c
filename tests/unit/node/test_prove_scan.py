"""Every way of writing a card down is found, wherever it stands, and nothing else is."""

import hashlib
import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.prove.canary import WINDOW, Canary, new_canary, windows
from node.prove.scan import Scanner
from node.prove.spellings import spellings
from rehearsal.cards import luhn_digit

KNOWN = Canary("known", "4539148803436467", "0931", "737")
AMEX = Canary("amex", "371449635398431", "1233", "4913")
SCANNER = Scanner([KNOWN, AMEX])


def found(data: bytes) -> set[str]:
    return {find.canary.name for find in SCANNER.scan(data)}


@pytest.mark.parametrize("canary", [KNOWN, AMEX], ids=lambda canary: canary.name)
def test_every_spelling_is_found_at_any_place(canary: Canary) -> None:
    for place, spelling in enumerate(spellings(canary)):
        at = place % 7
        finds = [one for one in SCANNER.scan(bytes(at) + spelling.pattern + b"and more") if one.at == at]
        assert canary in {one.canary for one in finds}, spelling


@pytest.mark.parametrize(
    "written",
    [
        b'{"card": "4539148803436467"}',
        b"4539 1488 0343 6467",
        b"4539-1488-0343-6467",
        "4539148803436467".encode("utf-16"),
        "4539148803436467".encode("utf-32"),
        bytes.fromhex("4539148803436467"),
        bytes([4, 5, 3, 9, 1, 4, 8, 8, 0, 3, 4, 3, 6, 4, 6, 7]),
        (4539148803436467).to_bytes(8, "little"),
        b"IDQ1MzkxNDg4MDM0MzY0Njc=",  # base64 of a blank and the number
        b"%34%35%33%39%31%34%38%38%30%33%34%33%36%34%36%37",
        b"\\x34353339313438383033343336343637",  # bytea, as a dump shows it
        b"four five three nine one four eight eight zero three four three six four six seven",
        b"Four Five Three Nine One Four Eight Eight Oh Three Four Three Six Four Six Seven",
        b"4, 5, 3, 9, 1, 4, 8, 8, 0, 3, 4, 3, 6, 4, 6, 7",
        hashlib.sha256(b"4539148803436467").hexdigest().encode(),
        b"card[exp_month]=09&card[exp_year]=31&card[cvc]=737",
        b'"security_code": "737"',
        b"64670931737 are its end, the expiry date and the code",
    ],
)
def test_a_card_is_found_as_programs_write_it(written: bytes) -> None:
    assert found(b"before " + written + b" after") == {"known"}


def test_a_piece_of_a_card_is_found_from_eleven_digits_on() -> None:
    assert found(KNOWN.number[2 : 2 + WINDOW].encode()) == {"known"}
    assert found(KNOWN.number[2 : 1 + WINDOW].encode()) == set()


def test_last_four_brand_and_dates_are_no_find() -> None:
    shown = (
        b'{"brand": "visa", "last4": "6467", "mask": "************6467", "at": "2026-11-21T12:00:00.123456"}'
    )
    assert found(shown) == set()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**64 - 1), st.binary(max_size=200), st.binary(max_size=200))
def test_any_canary_is_found_between_any_bytes(seed: int, before: bytes, after: bytes) -> None:
    canary = new_canary("any", Random(seed))
    number = canary.number
    assert str(luhn_digit(number[:-1])) == number[-1]
    assert len(list(windows(canary))) == len(canary.keys) - WINDOW + 1
    scanner = Scanner([canary])
    assert any(one.at == len(before) for one in scanner.scan(before + number.encode() + after))


@pytest.mark.parametrize("begin", range((1 << 20) - 20, (1 << 20) + 4))
def test_a_card_across_the_border_of_two_portions_is_found(begin: int) -> None:
    data = bytes(begin) + KNOWN.number.encode() + bytes(64)
    assert begin in {find.at for find in SCANNER.scan_file(io.BytesIO(data))}


def test_megabytes_of_chance_hold_no_card() -> None:
    assert list(SCANNER.scan_file(io.BytesIO(Random(1).randbytes(8 << 20)))) == []


def test_a_scanner_of_nothing_finds_nothing() -> None:
    assert list(Scanner([]).scan(KNOWN.number.encode())) == []
