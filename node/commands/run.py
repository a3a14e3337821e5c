"""`tellerline run`: answer the telephone until told to stop."""

import os
import sys
from pathlib import Path

import anyio
import click

from core import log
from node import lifecycle
from node.settings import read
from node.undumped import close_memory, leave_no_core

# Rendering shares the interpreter with the event loop, which must not wait the default 5 ms for its turn.
_TURN_S = 0.0005


@click.command(epilog="\b\nExamples:\n  tellerline run\n  tellerline run --settings line.toml")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def run(file: Path | None) -> None:
    """Answer calls. SIGTERM lets those that are up come to their end; sent twice, it cuts them off."""
    settings = read(file, os.environ)
    log.configure(settings.log.level, settings.log.style)
    leave_no_core()
    if not settings.line.readable_memory:
        close_memory()
    sys.setswitchinterval(_TURN_S)
    anyio.run(lifecycle.run, settings, backend_options={"use_uvloop": True})
