"""Passwords: which may be chosen, and how long a wrong one takes."""

import time
from statistics import median

import pytest
from argon2 import PasswordHasher

from api.access.passwords import BadPassword, Passwords, check_password, one_time_password

pytestmark = pytest.mark.anyio

_GOOD = "seven quiet otters"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "11 characters"),
        ("password1234", "tried first"),
        ("PASSWORD1234", "tried first"),
        ("aaaabbbbccccdddd", "different"),
        ("robin.q-is-my-name", "address"),
        ("long enough here " * 20, "longer than 200"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(BadPassword, match=why):
        check_password(password, "Robin.Q@example.com")


def test_all_that_is_wrong_with_a_password_is_told_at_once() -> None:
    with pytest.raises(BadPassword, match=r"needs 12; it has fewer than 5 different"):
        check_password("aaaa", "robin@example.com")


def test_any_long_password_may_be_chosen() -> None:
    check_password(_GOOD, "robin@example.com")
    check_password("пять тихих выдр", "robin@example.com")
    check_password(one_time_password(), "robin@example.com")


async def test_a_password_is_kept_as_argon2id_and_known_again() -> None:
    passwords = Passwords()
    hashed = await passwords.hash(_GOOD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert await passwords.same(hashed, _GOOD)
    assert not await passwords.same(hashed, _GOOD + "!")
    assert not await passwords.same("no hash", _GOOD)


async def test_an_accent_is_the_same_however_a_keyboard_sends_it() -> None:
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    hashed = await passwords.hash("tres \u00e1rboles verdes")
    assert await passwords.same(hashed, "tres a\u0301rboles verdes")


async def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords(PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1))
    hashed = await passwords.hash(_GOOD)
    known, unknown = [], []
    for _ in range(15):
        known.append(await _timed(passwords, hashed))
        unknown.append(await _timed(passwords, None))
    assert 0.5 < median(unknown) / median(known) < 2


async def _timed(passwords: Passwords, hashed: str | None) -> float:
    began = time.perf_counter()
    assert not await passwords.same(hashed, "something else")
    return time.perf_counter() - began
