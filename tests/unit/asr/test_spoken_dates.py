"""Days as callers name them."""

import datetime as dt

import pytest

from asr.grammar.dates import read_date
from asr.grammar.language import language

TODAY = dt.date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("tag", "said", "day"),
    [
        ("en", "the third of next month", dt.date(2026, 12, 3)),
        ("en", "in two weeks", dt.date(2026, 12, 4)),
        ("en", "in ten days", dt.date(2026, 11, 30)),
        ("en", "ten days from now please", dt.date(2026, 11, 30)),
        ("en", "in a month", dt.date(2026, 12, 20)),
        ("en", "in three months", dt.date(2027, 2, 20)),
        ("en", "on the fifteenth", dt.date(2026, 12, 15)),
        ("en", "the twenty fifth", dt.date(2026, 11, 25)),
        ("en", "the thirty first", dt.date(2026, 12, 31)),
        ("en", "at the end of the month", dt.date(2026, 11, 30)),
        ("en", "by the end of next month", dt.date(2026, 12, 31)),
        ("en", "tomorrow", dt.date(2026, 11, 21)),
        ("en", "next monday", dt.date(2026, 11, 23)),
        ("en", "december first", dt.date(2026, 12, 1)),
        ("es", "en diez días", dt.date(2026, 11, 30)),
        ("es", "en dos semanas", dt.date(2026, 12, 4)),
        ("es", "el tres del próximo mes", dt.date(2026, 12, 3)),
        ("es", "a fin de mes", dt.date(2026, 11, 30)),
        ("es", "el cinco de enero", dt.date(2027, 1, 5)),
        ("de", "in zehn Tagen", dt.date(2026, 11, 30)),
        ("de", "in einem Monat", dt.date(2026, 12, 20)),
        ("de", "am dritten des nächsten Monats", dt.date(2026, 12, 3)),
        ("de", "am fünfzehnten", dt.date(2026, 12, 15)),
        ("de", "Ende des Monats", dt.date(2026, 11, 30)),
        ("fr", "dans dix jours", dt.date(2026, 11, 30)),
        ("fr", "dans une semaine", dt.date(2026, 11, 27)),
        ("fr", "le trois du mois prochain", dt.date(2026, 12, 3)),
        ("fr", "à la fin du mois", dt.date(2026, 11, 30)),
        ("hi", "दस दिन में", dt.date(2026, 11, 30)),
        ("hi", "दो हफ्ते बाद", dt.date(2026, 12, 4)),
        ("hi", "अगले महीने की तीन तारीख", dt.date(2026, 12, 3)),
        ("hi", "कल", dt.date(2026, 11, 21)),
    ],
)
def test_a_day_is_understood(tag: str, said: str, day: dt.date) -> None:
    assert read_date(said, TODAY, language(tag)) == day


@pytest.mark.parametrize("said", ["five", "next month", "whenever you like", "the ninetieth", "the 32nd"])
def test_what_names_no_day_is_none(said: str) -> None:
    assert read_date(said, TODAY, language("en")) is None
