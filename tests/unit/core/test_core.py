"""Money, keys, secrets and ids: the shared words keep their promises."""

import gc
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digits import KEYS, Keypress
from core.errors import BadInput
from core.ids import new_call_id
from core.money import Money
from core.secret import Secret


@given(st.integers(0, 10**12), st.sampled_from(["USD", "JPY", "KWD", "EUR"]))
def test_money_survives_being_written_and_read(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.decimal, currency) == money


def test_money_is_written_as_people_write_it() -> None:
    assert Money(12550, "USD").written() == "$125.50"
    assert str(Money(500, "JPY")) == "500 JPY"
    assert Money(-5, "USD").decimal == "-0.05"


@pytest.mark.parametrize("text", ["1.005", "-3", "1,50", "", "NaN", "1e5"])
def test_an_amount_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        Money.parse(text, "USD")


def test_two_currencies_are_not_added() -> None:
    with pytest.raises(BadInput, match="two currencies"):
        Money(1, "USD") + Money(1, "EUR")


def test_a_currency_that_is_not_listed_is_refused() -> None:
    with pytest.raises(BadInput, match="ISO 4217"):
        Money(1, "XXY")


@pytest.mark.parametrize("code", list(KEYS))
def test_a_keypress_never_shows_which_key_it_was(code: int) -> None:
    key = Keypress(code, at_ms=0)
    assert repr(key) == "Keypress(at_ms=0, held_ms=0)"
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_secret_can_be_filled_corrected_and_read() -> None:
    with Secret(3) as secret:
        assert [secret.append(byte) for byte in b"1234"] == [True, True, True, False]
        assert secret.drop_last()
        with secret.view() as view:
            assert bytes(view) == b"12"


def test_a_secret_shows_nothing_and_leaves_nothing() -> None:
    secret = Secret(16)
    for byte in b"31337":
        secret.append(byte)
    assert "31337" not in f"{secret!r} {secret}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    secret.wipe()
    assert len(secret) == 0
    secret.close()
    secret.close()


def test_a_secret_lies_in_locked_memory_that_core_dumps_leave_out() -> None:
    gc.collect()
    before = _flags()
    with Secret(8):
        during = _flags()
    assert during["lo"] > before["lo"]
    assert during["dd"] > before["dd"]


def test_ids_are_unique_and_sort_by_time() -> None:
    ids = [new_call_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [one[:14] for one in ids] == sorted(one[:14] for one in ids)


def _flags() -> dict[str, int]:
    """How many mappings of this process have each flag (proc(5), smaps VmFlags)."""
    counts = {"lo": 0, "dd": 0}
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if line.startswith("VmFlags:"):
            for flag in counts:
                counts[flag] += flag in line.split()
    return counts
