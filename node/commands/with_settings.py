"""`--settings FILE` for a command: it is read before the command runs, which gets it as `settings`."""

import os
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import Any

import click

from node.settings import read


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the option. Any: click hands on whatever options a command declares."""

    def run(file: Path | None, **given: Any) -> None:
        command(settings=read(file, os.environ), **given)

    option = click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
    wrapped: Callable[..., None] = option(update_wrapper(run, command))
    return wrapped
