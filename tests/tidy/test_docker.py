"""The images and compose.yaml agree with the code: no setting that is not there, no secret made up."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from core.settings import keys
from node.commands.dialplan import dialplan
from node.settings import Settings

_ROOT = Path(__file__).parents[2]
_DOCKER = _ROOT / "docker"
_DOCKERFILES = ("Dockerfile", "asterisk.Dockerfile")
_FILES = (*_DOCKERFILES, "compose.yaml", "env.example", "start-asterisk")
_VARIABLE = re.compile(r"\bTELLERLINE_[A-Z0-9_]+")
_LOCKED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
_SECRET = re.compile(r"PASSWORD|_KEY$|_PHONE_")


def test_every_variable_is_one_that_the_code_reads() -> None:
    unknown = {
        name: variables for name in _FILES if (variables := _unknown((_DOCKER / name).read_text("utf-8")))
    }
    assert not unknown


def test_a_variable_that_nobody_reads_is_found() -> None:
    assert _unknown("TELLERLINE_LINE_DATA: /x\nTELLERLINE_LINE_DATUM: /x") == {"TELLERLINE_LINE_DATUM"}


def test_nothing_starts_without_its_secrets() -> None:
    for name, value in _environment():
        if _SECRET.search(name):
            assert ":?" in value, f"{name} of compose.yaml has a value of its own"


def test_env_example_gives_no_secret_away() -> None:
    given = dict(
        line.split("=", 1) for line in (_DOCKER / "env.example").read_text().splitlines() if "=" in line
    )
    secrets = {name: value for name, value in given.items() if _SECRET.search(name) and value}
    assert secrets == {"TELLERLINE_PAYMENTS_STRIPE_KEY": "sk_test_sandbox"}


@pytest.mark.parametrize("volume", ["prompts", "recordings"])
def test_asterisk_and_the_line_see_a_shared_folder_at_one_path(volume: str) -> None:
    services = _compose()["services"]
    assert _target(services["asterisk"], volume) == _target(services["tellerline"], volume)


def test_the_shared_folders_are_those_of_the_settings() -> None:
    line = _compose()["services"]["tellerline"]
    data = re.search(r"TELLERLINE_LINE_DATA=(\S+)", (_DOCKER / "Dockerfile").read_text())
    assert data is not None
    assert _target(line, "data") == data[1]
    assert f"data:{data[1]}" in line["volumes"], "what the line makes for itself must outlive its container"
    assert _target(line, "prompts") == f"{data[1]}/prompts"
    assert _target(line, "recordings") == line["environment"]["TELLERLINE_SWITCH_RECORDINGS"]


@pytest.mark.parametrize("name", _DOCKERFILES)
def test_what_an_image_copies_is_let_through(name: str) -> None:
    ignored = (_ROOT / ".dockerignore").read_text().splitlines()
    rooms = tomllib.loads((_ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", (_DOCKER / name).read_text(), re.MULTILINE)
    for source in {part for line in copied for part in line.split()} - {"."}:
        assert (_ROOT / source).exists()
        assert f"!{source.split('/')[0]}" in ignored
    assert {f"!{room}" for room in rooms["wheel"]["packages"]} <= set(ignored)


def test_the_images_get_the_versions_that_are_tested() -> None:
    tested, run = (
        set(_LOCKED.findall((_ROOT / name).read_text()))
        for name in ("requirements.lock", "requirements.run.lock")
    )
    assert run
    assert run <= tested


def _unknown(text: str) -> set[str]:
    return set(_VARIABLE.findall(text)) - _known()


def _known() -> set[str]:
    exchange = (_ROOT / "dialplan" / "example.yaml").read_text("utf-8")
    return {key.env for key in keys(Settings)} | set(_VARIABLE.findall(exchange)) | set(_options(dialplan))


def _options(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option.envvar, str):
            yield option.envvar
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _options(inner)


def _compose() -> Any:  # YAML has no type
    return YAML(typ="safe").load(_DOCKER / "compose.yaml")


def _environment() -> Iterator[tuple[str, str]]:
    for service in _compose()["services"].values():
        yield from service.get("environment", {}).items()


def _target(service: dict[str, Any], volume: str) -> str:
    (found,) = (entry for entry in service["volumes"] if str(entry).startswith(f"{volume}:"))
    return str(found).split(":")[1]
