"""Rules of routing and the file that holds them."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BadInput
from core.money import Money
from payments.purchase import Method
from payments.routing.file import read
from payments.routing.terms import Cost, Rule, Terms, When
from tests.unit.payments.routing.purchases import purchase

NAMES = ("alder", "birch")


def test_a_rule_keeps_what_fits_it_from_all_but_the_named() -> None:
    terms = Terms(rules=(Rule("amex", When(brands=frozenset({"amex"})), only=frozenset({"birch"})),))
    assert terms.against("alder", purchase(brand="amex")) == "amex"
    assert terms.against("birch", purchase(brand="amex")) == ""
    assert terms.against("alder", purchase(brand="visa")) == ""


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (When(currencies=frozenset({"USD"})), True),
        (When(currencies=frozenset({"EUR"})), False),
        (When(methods=frozenset({Method.STORED})), False),
        (When(regions=frozenset({"US"})), True),
        (When(at_least=10_000), True),
        (When(at_least=10_001), False),
        (When(below=10_000), False),
        (When(below=10_001), True),
        (When(currencies=frozenset({"USD"}), regions=frozenset({"GB"})), False),
    ],
)
def test_all_that_a_rule_names_must_fit(when: When, fits: bool) -> None:
    assert when.fits(replace(purchase(), amount=Money(10_000, "USD"))) is fits


def test_what_is_kept_of_an_amount_is_less_fee_and_risk() -> None:
    assert Cost(2.0, 30, 0.5).kept(Money(10_000, "USD")) == pytest.approx(9_720)


def test_the_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "routing.toml"
    file.write_text(
        """
        second_minor = 1.5
        [gateways.alder]
        fee_pct = 2.9
        fee_minor = 30
        [[rules]]
        name = "large ones abroad"
        when = { region = ["GB"], at_least = 50000, brand = ["amex"], method = ["card"] }
        never = ["alder"]
        """
    )
    terms = read(file, NAMES)
    assert terms.cost("alder") == Cost(2.9, 30)
    assert terms.cost("birch") == Cost()
    assert terms.second_minor == 1.5
    when = When(
        methods=frozenset({Method.CARD}),
        brands=frozenset({"amex"}),
        regions=frozenset({"GB"}),
        at_least=50_000,
    )
    assert terms.rules == (Rule("large ones abroad", when, never=frozenset({"alder"})),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[gateways.oak]\n", "no such gateway; the line has alder, birch"),
        ("[gateways.alder]\nfee = 2\n", "gateways.alder.fee"),
        ("[gateways.alder]\nfee_pct = 200\n", "gateways.alder.fee_pct"),
        ('[[rules]]\nname = "x"\n', "says neither"),
        ('[[rules]]\nname = "x"\nonly = ["oak"]\n', "no such gateway 'oak'"),
        ('[[rules]]\nname = "x"\nonly = ["alder"]\nwhen = {currency = ["usd"]}\n', "rules.1.when.currency"),
        ("not toml", "is not TOML"),
    ],
)
def test_mistakes_are_told_with_their_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "routing.toml"
    file.write_text(text)
    with pytest.raises(BadInput, match=told.replace(".", r"\.")):
        read(file, NAMES)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "none.toml", NAMES)
