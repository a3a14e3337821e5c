"""The operator's file of accounts at payment processors."""

from pathlib import Path

import pytest

from core.errors import BadInput
from node.accounts import read
from node.gateways import PROCESSORS
from payments.gateways.braintree.account import Account as Braintree
from payments.gateways.square.account import Account as Square

GOOD = """
[main]
processor = "square"
token = "env:SQUARE_TOKEN"
location = "L1"
answer_s = 12

[europe]
processor = "braintree"
merchant = "shop"
public_key = "public"
private_key = "env:BRAINTREE_KEY"
merchant_accounts = { EUR = "shop_eur", USD = "" }
authority = "ca.pem"
"""
ENVIRON = {"SQUARE_TOKEN": "secret-1", "BRAINTREE_KEY": "secret-2"}


def written(folder: Path, content: str) -> Path:
    file = folder / "accounts.toml"
    file.write_text(content)
    return file


def test_each_section_is_an_account_by_its_name(tmp_path: Path) -> None:
    found = read(written(tmp_path, GOOD), ENVIRON, PROCESSORS)
    assert [(processor.vendor, account.name) for processor, account in found] == [
        ("Square", "main"),
        ("Braintree", "europe"),
    ]
    square, braintree = (account for _, account in found)
    assert isinstance(square, Square)
    assert (square.token, square.answer_s) == ("secret-1", 12)
    assert isinstance(braintree, Braintree)
    assert braintree.authority == Path("ca.pem")
    assert dict(braintree.merchant_accounts) == {"EUR": "shop_eur", "USD": ""}


def test_every_mistake_is_told_at_once_and_no_secret(tmp_path: Path) -> None:
    content = GOOD.replace("location", "locatoin").replace("answer_s = 12", 'answer_s = "hidden-1"')
    content += '\n[other]\nprocessor = "bank"\n'
    with pytest.raises(BadInput) as told:
        read(written(tmp_path, content), {"SQUARE_TOKEN": "secret-1"}, PROCESSORS)
    said = str(told.value)
    assert "[main] locatoin: no such setting; did you mean location?" in said
    assert "[main] location: is needed" in said
    assert "[main] answer_s: a number is needed" in said
    assert "[europe] private_key: the environment has no BRAINTREE_KEY" in said
    assert f"[other] processor: one of {', '.join(PROCESSORS)} is needed" in said
    assert "secret-1" not in said
    assert "hidden-1" not in said


@pytest.mark.parametrize("content", ["[main", "main = 1"])
def test_a_file_that_makes_no_sense_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput):
        read(written(tmp_path, content), {}, PROCESSORS)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"payments\.accounts"):
        read(tmp_path / "accounts.toml", {}, PROCESSORS)
