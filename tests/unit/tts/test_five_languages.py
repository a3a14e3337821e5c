"""Money, days, numbers, codes and telephone numbers in each language that ships, word by word."""

import datetime as dt

import pytest

from core.money import Money
from tts.normalize import languages, words_of
from tts.telephones import telephone

MONEY = {
    "en": (Money(12_550, "USD"), "one hundred and twenty-five dollars and fifty cents"),
    "es": (Money(12_550, "USD"), "ciento veinticinco dólares con cincuenta centavos"),
    "de": (Money(12_550, "EUR"), "einhundertfünfundzwanzig Euro und fünfzig Cent"),
    "fr": (Money(12_550, "EUR"), "cent vingt-cinq euros et cinquante centimes"),
    "hi": (Money(12_550, "INR"), "एक सौ पच्चीस रुपये और पचास पैसे"),
}
ONE = {
    "en": (Money(101, "USD"), "one dollar and one cent"),
    "es": (Money(2_101, "EUR"), "veintiún euros con un céntimo"),
    "de": (Money(10_101, "EUR"), "einhundertein Euro und ein Cent"),
    "fr": (Money(101, "EUR"), "un euro et un centime"),
    "hi": (Money(101, "INR"), "एक रुपया और एक पैसा"),
}
DAY = {
    "en": "March first, twenty twenty-seven",
    "es": "uno de marzo de dos mil veintisiete",
    "de": "ersten März zweitausendsiebenundzwanzig",
    "fr": "premier mars deux mille vingt-sept",
    "hi": "एक मार्च दो हज़ार सत्ताईस",
}
MILLIONS = {
    "fr": (Money(200_000_000, "EUR"), "deux millions d'euros"),
    "es": (Money(200_000_000, "EUR"), "dos millones de euros"),
}
THOUSANDS = {
    "es": (Money(2_100_000, "USD"), "veintiún mil dólares"),
    "fr": (Money(100_000_000, "USD"), "un million de dollars"),
}
CODE = {
    "en": "K seven, ay two",
    "es": "K siete, A dos",
    "de": "K sieben, A zwei",
    "fr": "K sept, A deux",
    "hi": "के सात, ए दो",
}
DIGITS = {
    "en": "four zero, two five",
    "es": "cuatro cero, dos cinco",
    "de": "vier null, zwei fünf",
    "fr": "quatre zéro, deux cinq",
    "hi": "चार शून्य, दो पाँच",
}
TELEPHONE = {
    "en": ("+442079460018", "plus four four, two zero, seven nine four six, zero zero one eight"),
    "es": ("+34910123456", "más tres cuatro, nueve uno cero, uno dos, tres cuatro, cinco seis"),
    "de": ("+493023125", "plus vier neun, drei null, zwei drei eins zwei fünf"),
    "fr": ("+33199005512", "plus trois trois, un, quatre-vingt-dix-neuf, zéro zéro, cinquante-cinq, douze"),
    "hi": ("+911123456789", "प्लस नौ एक, एक एक, दो तीन चार पाँच, छह सात आठ नौ"),
}
every = pytest.mark.parametrize("tag", languages())


@every
def test_an_amount(tag: str) -> None:
    for money, said in (MONEY[tag], ONE[tag]):
        assert words_of(tag).money(money) == said


@pytest.mark.parametrize("tag", MILLIONS)
def test_a_round_million_takes_a_preposition(tag: str) -> None:
    money, said = MILLIONS[tag]
    assert words_of(tag).money(money) == said


@pytest.mark.parametrize("tag", THOUSANDS)
def test_a_number_before_its_noun(tag: str) -> None:
    money, said = THOUSANDS[tag]
    assert words_of(tag).money(money) == said


@every
def test_a_day(tag: str) -> None:
    assert words_of(tag).date(dt.date(2027, 3, 1)) == DAY[tag]


@every
def test_a_code_and_digits(tag: str) -> None:
    assert words_of(tag).code("K7-A2") == CODE[tag]
    assert words_of(tag).digits("4025", group=2) == DIGITS[tag]


@every
def test_a_telephone_number(tag: str) -> None:
    number, said = TELEPHONE[tag]
    assert telephone(number, words_of(tag)) == said


@every
def test_each_sign_that_a_code_may_have_is_said(tag: str) -> None:
    words = words_of(tag)
    assert all(words.code(sign).strip() for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
