"""Cards as callers key them in."""

import copy
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.check_digits import luhn
from core.errors import BadInput
from payments.brand import SHAPES, Brand, Shape
from payments.card import CardEntry, CardField, Flaw

TODAY = date(2026, 11, 20)
KeyedIn = Callable[[bytes], CardEntry]


def enter(entry: CardEntry, field: CardField, digits: bytes) -> list[bool]:
    return [entry.append(field, digit) for digit in digits]


def finished(field: CardField, digits: bytes, today: date = TODAY) -> Flaw | None:
    with CardEntry() as entry:
        enter(entry, field, digits)
        return entry.finish(field, today)


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        (b"4242424242424242", Brand.VISA),
        (b"4222222222222", Brand.VISA),
        (b"5555555555554444", Brand.MASTERCARD),
        (b"2223003122003222", Brand.MASTERCARD),
        (b"378282246310005", Brand.AMEX),
        (b"6011111111111117", Brand.DISCOVER),
        (b"6445644564456445", Brand.DISCOVER),
        (b"3566002020360505", Brand.JCB),
        (b"30569309025904", Brand.DINERS),
        (b"38520000023237", Brand.DINERS),
        (b"6759649826438453", Brand.MAESTRO),
        (b"5018000000000009", Brand.MAESTRO),
        (b"201400000000001", Brand.ENROUTE),  # no check digit
    ],
)
def test_the_brand_is_told_from_the_first_digits(number: bytes, brand: Brand) -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, number)
        assert entry.finish(CardField.NUMBER, TODAY) is None
        assert entry.brand is brand
        assert entry.mask() == "*" * (len(number) - 4) + number[-4:].decode()


def test_a_wrong_check_digit_is_an_invalid_number() -> None:
    assert finished(CardField.NUMBER, b"4242424242424241") is Flaw.NUMBER


def test_a_number_of_the_wrong_length_is_invalid_even_if_its_check_digit_is_right() -> None:
    assert finished(CardField.NUMBER, b"42424242424242") is Flaw.NUMBER


def test_an_empty_number_is_invalid() -> None:
    assert finished(CardField.NUMBER, b"") is Flaw.NUMBER


def test_a_number_of_no_known_brand_is_an_invalid_type() -> None:
    assert finished(CardField.NUMBER, b"0000000000000000") is Flaw.BRAND


def test_a_brand_that_is_not_accepted_is_an_invalid_type() -> None:
    with CardEntry(accepted=frozenset({Brand.VISA})) as entry:
        enter(entry, CardField.NUMBER, b"378282246310005")
        assert entry.finish(CardField.NUMBER, TODAY) is Flaw.BRAND


@pytest.mark.parametrize(
    ("expiry", "flaw"),
    [
        (b"1126", None),  # this month: good until its last day
        (b"1026", Flaw.EXPIRY),
        (b"0127", None),
        (b"1325", Flaw.EXPIRY),
        (b"0030", Flaw.EXPIRY),
        (b"1299", Flaw.EXPIRY),
        (b"123", Flaw.EXPIRY),
        (b"", Flaw.EXPIRY),
    ],
)
def test_an_expiry_is_good_until_the_end_of_its_month(expiry: bytes, flaw: Flaw | None) -> None:
    assert finished(CardField.EXPIRY, expiry) is flaw


def test_the_last_day_of_the_month_still_counts_and_the_next_does_not() -> None:
    assert finished(CardField.EXPIRY, b"0228", date(2028, 2, 29)) is None
    assert finished(CardField.EXPIRY, b"0228", date(2028, 3, 1)) is Flaw.EXPIRY


@pytest.mark.parametrize(
    ("number", "code", "flaw"),
    [
        (b"4242424242424242", b"123", None),
        (b"4242424242424242", b"12", Flaw.CODE),
        (b"378282246310005", b"1234", None),
        (b"378282246310005", b"123", Flaw.CODE),
    ],
)
def test_the_security_code_has_the_length_of_its_brand(number: bytes, code: bytes, flaw: Flaw | None) -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, number)
        enter(entry, CardField.CODE, code)
        assert entry.finish(CardField.CODE, TODAY) is flaw


def test_a_field_takes_no_digit_more_than_can_belong() -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, b"378282246310005")
        assert entry.is_full(CardField.NUMBER)
        assert not entry.append(CardField.NUMBER, ord("1"))


def test_only_digits_go_in() -> None:
    with CardEntry() as entry:
        assert enter(entry, CardField.NUMBER, b"4*#A2") == [True, False, False, False, True]


def test_the_last_four_show_only_once_the_number_is_finished() -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, b"4242424242424242")
        assert (entry.last4, entry.mask()) == ("", "x" * 16)
        entry.finish(CardField.NUMBER, TODAY)
        assert (entry.last4, entry.mask()) == ("4242", "************4242")


def test_a_digit_taken_back_opens_the_field_again() -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, b"4242424242424242")
        entry.finish(CardField.NUMBER, TODAY)
        assert entry.drop_last(CardField.NUMBER)
        assert (entry.last4, entry.count(CardField.NUMBER)) == ("", 15)


def test_a_card_is_complete_without_a_code_that_nobody_asked_for(keyed_in: KeyedIn) -> None:
    with keyed_in(b"4242424242424242") as entry:
        entry.clear(CardField.CODE)
        assert entry.complete
        entry.append(CardField.CODE, ord("1"))
        assert not entry.complete


def test_nothing_is_left_after_closing(keyed_in: KeyedIn) -> None:
    entry = keyed_in(b"4242424242424242")
    with entry.number.view() as seen:
        entry.close()
        assert bytes(seen) == bytes(16)
    assert (entry.mask(), entry.last4, entry.brand) == ("", "", None)
    entry.close()


def test_a_card_shows_nothing_and_cannot_be_copied_away(keyed_in: KeyedIn) -> None:
    with keyed_in(b"4242424242424242") as entry:
        assert "42" not in repr(entry) + str(entry) + repr(entry.number)
        with pytest.raises(TypeError):
            pickle.dumps(entry)
        with pytest.raises(TypeError):
            copy.deepcopy(entry)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=18))
def test_exactly_one_last_digit_passes_luhn(digits: list[int]) -> None:
    body = bytes(48 + digit for digit in digits)
    assert sum(luhn(memoryview(body + bytes([48 + last]))) for last in range(10)) == 1


def test_who_accepts_optima_accepts_what_looks_like_it() -> None:
    with CardEntry(accepted=frozenset({Brand.OPTIMA})) as entry:
        enter(entry, CardField.NUMBER, b"378282246310005")
        assert entry.finish(CardField.NUMBER, TODAY) is None
        enter(entry, CardField.NUMBER, b"4")
        assert entry.brand is Brand.AMEX


@pytest.mark.parametrize(
    ("routing", "flaw"),
    [
        (b"021000021", None),
        (b"111000025", None),
        (b"021000022", Flaw.ROUTING),
        (b"02100002", Flaw.ROUTING),
        (b"000000000", Flaw.ROUTING),
        (b"", Flaw.ROUTING),
    ],
)
def test_a_routing_number_has_nine_digits_and_a_check(routing: bytes, flaw: Flaw | None) -> None:
    assert finished(CardField.ROUTING, routing) is flaw


@pytest.mark.parametrize(("account", "flaw"), [(b"000123456789", None), (b"123", Flaw.ACCOUNT)])
def test_an_account_number_has_at_least_four_digits(account: bytes, flaw: Flaw | None) -> None:
    assert finished(CardField.ACCOUNT, account) is flaw


def test_a_bank_account_shows_its_last_two_digits_and_its_routing_number_none() -> None:
    with CardEntry() as entry:
        enter(entry, CardField.ROUTING, b"021000021")
        enter(entry, CardField.ACCOUNT, b"000123456789")
        assert entry.mask(CardField.ACCOUNT) == "x" * 12
        for field in (CardField.ROUTING, CardField.ACCOUNT):
            assert entry.finish(field, TODAY) is None
        assert (entry.mask(CardField.ROUTING), entry.mask(CardField.ACCOUNT)) == ("*" * 9, "*" * 10 + "89")
        assert (entry.last2, entry.last4) == ("89", "")
        assert entry.complete


def test_a_postal_code_may_have_a_least_length() -> None:
    with CardEntry(shortest_postal=5) as entry:
        enter(entry, CardField.POSTAL, b"9021")
        assert entry.finish(CardField.POSTAL, TODAY) is Flaw.POSTAL
        enter(entry, CardField.POSTAL, b"0")
        assert entry.finish(CardField.POSTAL, TODAY) is None


def test_a_postal_code_that_is_known_may_hold_letters(keyed_in: KeyedIn) -> None:
    with keyed_in(b"4242424242424242") as entry:
        entry.know_postal("SW1A 1AA")
        assert entry.complete
        assert entry.mask(CardField.POSTAL) == "*" * 8
        with pytest.raises(BadInput):
            entry.know_postal("longer than any")


@pytest.mark.parametrize(("again", "flaw"), [(b"4242424242424242", None), (b"4242424242424241", Flaw.MATCH)])
def test_a_number_keyed_in_again_must_be_the_same(again: bytes, flaw: Flaw | None) -> None:
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, b"4242424242424242")
        assert entry.finish(CardField.NUMBER_AGAIN, TODAY) is Flaw.MATCH  # there is nothing yet to be like
        entry.finish(CardField.NUMBER, TODAY)
        assert all(enter(entry, CardField.NUMBER_AGAIN, again))
        assert entry.is_full(CardField.NUMBER_AGAIN)
        assert entry.finish(CardField.NUMBER_AGAIN, TODAY) is flaw


def test_a_number_that_is_cleared_takes_its_repetition_and_its_code_along(keyed_in: KeyedIn) -> None:
    with keyed_in(b"4242424242424242") as entry:
        enter(entry, CardField.NUMBER_AGAIN, b"4242")
        entry.clear(CardField.NUMBER)
        assert not entry.count(CardField.NUMBER_AGAIN)
        assert not entry.count(CardField.CODE)
        assert entry.count(CardField.EXPIRY)


@given(st.sampled_from(SHAPES), st.data())
def test_every_number_of_a_shape_is_taken(shape: Shape, data: st.DataObject) -> None:
    first, last = data.draw(st.sampled_from(shape.prefixes))
    prefix = str(data.draw(st.integers(int(first), int(last))))
    length = data.draw(st.sampled_from(sorted(shape.lengths)))
    rest = data.draw(
        st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1)
    )
    body = (prefix + rest).encode()
    number = next(body + b"%d" % digit for digit in range(10) if luhn(memoryview(body + b"%d" % digit)))
    with CardEntry() as entry:
        enter(entry, CardField.NUMBER, number)
        flaw = entry.finish(CardField.NUMBER, TODAY)
        # a longer prefix of another brand may claim a Maestro number; then that brand's lengths count
        assert flaw is None or shape.brand is Brand.MAESTRO


def test_no_card_is_taken_where_memory_cannot_be_locked() -> None:
    program = """
        import os, resource
        from core.errors import CannotKeepSecret
        from payments.card import CardEntry
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
        if os.getuid() == 0:
            os.setuid(65534)  # root may lock whatever the limit
        try:
            CardEntry()
        except CannotKeepSecret as error:
            print(error)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert "no card is taken" in run.stdout
    assert "ulimit -l" in run.stdout
