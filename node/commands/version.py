"""`tellerline version`: which release this is, and what it stands on."""

import platform
from importlib.metadata import version as version_of

import click


@click.command(epilog="Example: tellerline version")
def version() -> None:
    """Print the version, for a bug report."""
    click.echo(
        f"tellerline {version_of('tellerline')} on Python {platform.python_version()}, {platform.platform()}"
    )
