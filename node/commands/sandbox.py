"""`tellerline sandbox`: an emulator of Stripe on this machine, for demos, staging and tests."""

from pathlib import Path

import anyio
import click

from payments.sandbox.books import Books
from payments.sandbox.certificate import Certificate, certificate_in
from payments.sandbox.server import Emulator
from payments.sandbox.stripe.dialect import StripeDialect


@click.command()
@click.option("--port", default=12111, show_default=True, help="Where it listens; 0 takes any free port.")
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
def sandbox(port: int, host: str, folder: Path) -> None:
    """Answer like Stripe until interrupted; its books outlive it."""
    certificate = certificate_in(folder)
    try:
        anyio.run(_serve, certificate, folder / "books.jsonl", host, port)
    except KeyboardInterrupt:
        click.echo("The sandbox has stopped; its books are in " + str(folder / "books.jsonl"))
    except OSError as error:
        raise click.ClickException(f"the sandbox cannot listen on {host}:{port}: {error.strerror}") from None


async def _serve(certificate: Certificate, path: Path, host: str, port: int) -> None:
    with Books(path) as books:
        async with Emulator(StripeDialect(books), certificate.context(), port, host) as emulator:
            click.echo(f"Stripe's dialect at {emulator.url}, to be trusted by {certificate.authority}")
            await anyio.sleep_forever()
