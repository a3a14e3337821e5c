"""`tellerline demo`: start a whole private line, and watch a real telephone pay a bill on it."""

import sys
from functools import partial

import anyio
import click
from rich.console import Console

from core import log
from node.demo.show import demonstrate


@click.command(epilog="\b\nExamples:\n  tellerline demo\n  tellerline demo --stay   # then call it yourself")
@click.option("--stay", is_flag=True, help="Keep the line up after the call, and say how to reach it.")
@click.option("--tls", is_flag=True, help="Speak TLS on the page, with a self-made certificate.")
def demo(stay: bool, tls: bool) -> None:
    """Start PostgreSQL, Asterisk, a sandbox gateway and the line, and let a caller pay a bill."""
    log.configure("warning", "console")
    sys.exit(anyio.run(partial(demonstrate, Console(), stay=stay, tls=tls)))
