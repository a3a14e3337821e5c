"""Cards for rehearsals pass or fail Luhn's check as they should."""

from datetime import UTC, datetime
from random import Random

from rehearsal.cards import TEST_CARDS, expiry_keys, luhn_digit, random_card


def passes(number: str) -> bool:
    return luhn_digit(number[:-1]) == int(number[-1])


def test_all_test_cards_but_the_mistyped_one_pass_luhns_check() -> None:
    assert [name for name, number in TEST_CARDS.items() if not passes(number)] == ["mistyped"]


def test_random_cards_pass_luhns_check_and_follow_their_seed() -> None:
    cards = [random_card(Random(seed)) for seed in range(200)]

    assert all(passes(card) and len(card) == 16 and card[0] == "4" for card in cards)
    assert len(set(cards)) == 200
    assert cards[7] == random_card(Random(7))


def test_a_valid_expiry_is_next_december_and_an_expired_one_last_years() -> None:
    today = datetime(2029, 12, 31, tzinfo=UTC)

    assert expiry_keys("valid", today) == "1230"
    assert expiry_keys("expired", today) == "1228"
