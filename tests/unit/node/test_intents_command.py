"""`tellerline intents`: phrases shown, tried, trained and checked."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.errors import BadInput
from node.commands.intents import intents


def _run(*arguments: str, folder: Path | None = None) -> Result:
    environment = {"TELLERLINE_HEARING_INTENTS": str(folder)} if folder is not None else {}
    return CliRunner().invoke(intents, arguments, env=environment)


def test_a_sentence_is_tried() -> None:
    tried = _run("try", "could", "i", "please", "pay", "my", "bill")
    assert tried.output.startswith("pay_bill, "), tried.output


def test_what_ships_is_in_order() -> None:
    checked = _run("check")
    assert checked.exit_code == 0, checked.output
    assert "en: 316 phrases, 8 intents, model up to date" in checked.output


def test_phrases_are_printed_to_be_edited() -> None:
    assert "pay_bill = [" in _run("phrases", "en").output


def test_training_wants_a_folder_of_the_operators_own() -> None:
    refused = _run("train", "en")
    assert isinstance(refused.exception, BadInput)
    assert "hearing.intents" in str(refused.exception)


def test_phrases_of_ones_own_are_trained_told_and_tried(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn (the extra `hear`)")
    wear = ", ".join(f'"{one} {two}"' for one in ("red", "blue", "old") for two in ("hat", "shoe", "sock"))
    eat = ", ".join(f'"{one} {two}"' for one in ("fried", "raw", "hot") for two in ("egg", "fish", "rice"))
    rest = ", ".join(f'"{one} {two}"' for one in ("fast", "slow", "big") for two in ("car", "bus", "train"))
    (tmp_path / "xx.toml").write_text(f"wear = [{wear}]\neat = [{eat}]\nelsewhere = [{rest}]\n")
    assert "xx: 27 phrases, 2 intents, model no model" in _run("check", folder=tmp_path).output
    trained = _run("train", "xx", folder=tmp_path)
    assert trained.exit_code == 0, trained.output
    assert "told rightly when held out" in trained.output
    tried = _run("try", "--language", "xx", "a", "red", "hat", folder=tmp_path)
    assert tried.output.startswith("wear, "), tried.output
    (tmp_path / "xx.toml").write_text(f'wear = [{wear}, "cap"]\neat = [{eat}]\nelsewhere = [{rest}]\n')
    stale = _run("check", folder=tmp_path)
    assert stale.exit_code == 1
    assert "xx: 28 phrases, 2 intents, model stale" in stale.output
