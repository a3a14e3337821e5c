"""`tellerline sandbox`: emulators of the payment vendors on this machine, for demos, staging and tests."""

from contextlib import AsyncExitStack
from pathlib import Path

import anyio
import click

from core.certificate import Certificate, certificate_in
from payments.sandbox.books import Books
from payments.sandbox.dialects import DIALECTS, books_file
from payments.sandbox.faults import Fault, Trouble, from_words
from payments.sandbox.server import Emulator


@click.command()
@click.option(
    "--port",
    default=12111,
    show_default=True,
    help="Where the first dialect listens; each further one has the next port. 0 takes any that are free.",
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Keep it on loopback: it asks for no key."
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".local/sandbox"),
    show_default=True,
    help="Where its books and its certificate are kept.",
)
@click.option(
    "--dialect",
    "dialects",
    type=click.Choice(list(DIALECTS)),
    multiple=True,
    help="Speak this one only; may be given more than once.  [default: all]",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="What goes wrong in each dialect from the start on, such as 'outage seconds=30' or 'lie times=2'; "
    f"may be given more than once. One of: {', '.join(fault.value for fault in Fault)}. "
    "While it runs, `POST /_faults` does the same.",
)
def sandbox(port: int, host: str, folder: Path, dialects: tuple[str, ...], faults: tuple[str, ...]) -> None:
    """Answer like the payment processors until interrupted; its books outlive it."""
    planned = [from_words(one) for one in faults if one.strip()]
    certificate = certificate_in(folder)
    try:
        anyio.run(_serve, certificate, folder, (host, port), dialects or tuple(DIALECTS), planned)
    except KeyboardInterrupt:
        click.echo(f"The sandbox has stopped; its books are in {folder}")
    except OSError as error:
        raise click.ClickException(f"the sandbox cannot listen on {host}:{port}: {error.strerror}") from None


async def _serve(
    certificate: Certificate,
    folder: Path,
    listen: tuple[str, int],
    dialects: tuple[str, ...],
    planned: list[tuple[Trouble, int]],
) -> None:
    host, port = listen
    async with AsyncExitStack() as stack:
        context = certificate.context()
        for place, vendor in enumerate(dialects):
            spoken = DIALECTS[vendor](stack.enter_context(Books(folder / books_file(vendor))))
            emulator = Emulator(spoken, context, port + place if port else 0, host)
            await stack.enter_async_context(emulator)
            for trouble, times in planned:
                emulator.plan(trouble, times)
            click.echo(f"{spoken.name}'s dialect at {emulator.url}, to be trusted by {certificate.authority}")
        await anyio.sleep_forever()
