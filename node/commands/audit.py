"""`tellerline audit`: whether the audit trail is whole."""

import os
import re
import sys
from pathlib import Path

import anyio
import click

from core import log
from core.errors import BadInput
from db.audit import Broken, Head, Intact
from db.audit import verify as verified
from node.database import opened
from node.settings import Settings, read

_NOTED = re.compile(r"(?P<seq>[1-9]\d*):(?P<hash>[0-9a-f]{64})")


@click.group()
def audit() -> None:
    """Look after the audit trail."""
    log.configure("warning", "console")


@audit.command(
    epilog="\b\nExamples:\n  tellerline audit verify\n  tellerline audit verify | tee -a /media/usb/heads\n"
    "  tellerline audit verify --noted 1207:9f86d081..."
)
@click.option(
    "--noted", metavar="ROW:HASH", help="A head that an earlier verify printed; it must still be there."
)
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A settings file.")
def verify(noted: str | None, file: Path | None) -> None:
    """Walk the whole chain of hashes, and print its head. Ends with 1 when the chain is broken.

    Rows that were changed, moved or removed are found. That the end was cut off is found by a head that was
    kept where whoever could cut it has no hand.
    """
    head = None if noted is None else _head(noted)
    match anyio.run(_verify, read(file, os.environ), head):
        case Intact(rows=rows, head=Head(seq=seq, hash=hash_)):
            click.echo(f"{rows} rows, each follows from the one before. The head is {seq}:{hash_}")
        case Intact():
            click.echo("The audit trail is empty.")
        case Broken(seq=seq, why=why):
            click.secho(f"The audit trail is broken at row {seq}: {why}.", fg="red", err=True)
            sys.exit(1)


async def _verify(settings: Settings, noted: Head | None) -> Intact | Broken:
    async with opened(settings, "audit") as work:
        return await verified(work, noted)


def _head(noted: str) -> Head:
    found = _NOTED.fullmatch(noted)
    if found is None:
        raise BadInput(f"--noted {noted!r} is no head: give ROW:HASH as an earlier verify printed it")
    return Head(int(found["seq"]), found["hash"])
