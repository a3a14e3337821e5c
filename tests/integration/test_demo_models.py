"""What the demonstration hears with, where hubs are reached and where they are not."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from node.demo.models import GIVEN, models
from node.models.catalog import SET, catalog
from node.models.folder import installed, put
from tests.integration.test_models_pull import Hub, serving

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


def _console() -> tuple[Console, io.StringIO]:
    told = io.StringIO()
    return Console(file=told, width=500), told


async def test_a_folder_that_is_given_is_taken(tmp_path: Path) -> None:
    console, told = _console()
    assert await models(console, {GIVEN: "/there"}, tmp_path) == {GIVEN: "/there"}
    assert "/there" in told.getvalue()


async def test_models_that_are_here_are_taken(tmp_path: Path) -> None:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    (tmp_path / "one").mkdir()
    for name in SET:
        put(tmp_path / "one", tmp_path / "models", name)
    assert await models(_console()[0], {}, tmp_path / "models") == {GIVEN: str(tmp_path / "models")}


async def test_what_a_hub_serves_is_brought_here(tmp_path: Path) -> None:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    async with serving(Hub()) as hub:
        at = f"http://127.0.0.1:{hub.url}/model.zip"
        known = {name: replace(one, files={"model.zip": at}) for name, one in catalog().items()}
        assert await models(_console()[0], {}, tmp_path, known) == {GIVEN: str(tmp_path)}
    assert installed(tmp_path) == sorted(SET)


async def test_where_no_hub_is_reached_the_line_goes_on_keypad_first_and_says_so(tmp_path: Path) -> None:
    pytest.importorskip("vosk", reason="the extra `hear` is not installed")
    nowhere = {
        name: replace(one, files=dict.fromkeys(one.files, "http://127.0.0.1:9/gone"))
        for name, one in catalog().items()
    }
    console, told = _console()
    assert await models(console, {}, tmp_path, nowhere) == {}
    assert "keys alone" in told.getvalue()
    assert "tellerline models import" in told.getvalue()
