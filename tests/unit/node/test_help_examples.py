"""Each command about models and intents shows how it is called, by names that there are."""

import re

import click
import pytest

from node.commands.intents import intents
from node.commands.models import models
from node.models.catalog import catalog

_OF_GROUPS = [
    pytest.param(group, command, id=f"{group.name} {command.name}")
    for group in (models, intents)
    for command in group.commands.values()
]


@pytest.mark.parametrize(("group", "command"), _OF_GROUPS)
def test_a_command_shows_an_example_of_itself(group: click.Group, command: click.Command) -> None:
    assert f"tellerline {group.name} {command.name}" in (command.epilog or "")


def test_models_of_the_examples_are_known() -> None:
    examples = [models.epilog or "", *(command.epilog or "" for command in models.commands.values())]
    named = {
        name
        for text in examples
        for name in re.findall(r" ((?:vosk|faster)-[\w.-]+|\w+_[A-Z]{2}-[\w-]+)", text)
    }
    assert named
    assert named <= set(catalog())
