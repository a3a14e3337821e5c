"""Settings: what is read from where, and how mistakes are told."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from core.errors import BadInput
from core.settings import keys, load, setting


@dataclass(frozen=True, slots=True)
class Shop:
    name: str = setting("corner", "What the shop is called.")
    doors: int = setting(2, "How many doors.", at_least=1, at_most=9)
    open: bool = setting(False, "Whether one may come in.")
    mood: Literal["calm", "busy"] = setting("calm", "How it is.")
    goods: tuple[str, ...] = setting((), "What it sells.")
    folder: str = setting("", "Where things are.")


@dataclass(frozen=True, slots=True)
class Town:
    shop: Shop = field(default_factory=Shop)


def test_defaults_hold_where_nothing_is_said() -> None:
    assert load(Town, None, {}) == Town()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "town.toml"
    file.write_text('[shop]\nname = "mill"\ndoors = 3\ngoods = ["flour", "bran"]\n')
    town = load(Town, file, {"TELLERLINE_SHOP_DOORS": "4", "TELLERLINE_SHOP_OPEN": "true"})
    assert town.shop == Shop(name="mill", doors=4, open=True, goods=("flour", "bran"))


def test_every_mistake_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    file = tmp_path / "town.toml"
    file.write_text('[shop]\nnaem = "mill"\ndoors = "many"\n[harbour]\nships = 1\n')
    with pytest.raises(BadInput) as told:
        load(Town, file, {"TELLERLINE_SHOP_MOOD": "sad", "TELLERLINE_SHOP_DORS": "1"})
    text = str(told.value)
    assert "shop.naem" in text
    assert "did you mean shop.name?" in text
    assert "shop.doors in" in text
    assert "harbour.ships" in text
    assert "TELLERLINE_SHOP_MOOD: 'sad' is not one of calm, busy" in text
    assert "did you mean TELLERLINE_SHOP_DOORS?" in text


def test_a_slip_in_the_name_of_a_section_is_told_too() -> None:
    with pytest.raises(BadInput, match="did you mean TELLERLINE_SHOP_DOORS"):
        load(Town, None, {"TELLERLINE_SHPO_DOORS": "3"})


def test_a_value_out_of_bounds_is_refused() -> None:
    with pytest.raises(
        BadInput, match=r"TELLERLINE_SHOP_DOORS: '10' is out of bounds, it may be at least 1 and at most 9"
    ):
        load(Town, None, {"TELLERLINE_SHOP_DOORS": "10"})


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        load(Town, Path("nowhere.toml"), {})


def test_variables_of_other_programs_are_let_be() -> None:
    assert load(Town, None, {"TELLERLINE_TESTPACK": "x", "PATH": "y"}) == Town()


def test_keys_tell_a_reader_what_there_is() -> None:
    names = {key.name: key.env for key in keys(Town)}
    assert names["shop.doors"] == "TELLERLINE_SHOP_DOORS"
