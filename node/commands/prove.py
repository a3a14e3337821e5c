"""`tellerline prove`: make calls with canary cards, search every place for them, write a signed report."""

import secrets
import sys
from functools import partial
from pathlib import Path

import anyio
import click
from rich.console import Console

from core import log
from core.errors import BadInput
from node.parts.folder import local_folder
from node.prove.proof import Plan
from node.prove.proof import prove as carry_out
from node.prove.report import html
from node.prove.result import Proof
from node.prove.show import Bars, show_proof
from node.prove.signature import Genuine, NotGenuine, check, fingerprint, public_key, signed, signing_key

_CAPTURES, _FEW = 100, 4
_STATE = "prove"


@click.group(
    invoke_without_command=True,
    epilog="Ends with 0 when no card was found, every control was, and all could be read; else with 1.\n\n"
    "\b\nExamples:\n  tellerline prove\n  tellerline prove --short --report short.html\n"
    "  tellerline prove verify report.html",
)
@click.option("--short", is_flag=True, help="Every place, kind of keys and way out at least once, few cards.")
@click.option("--captures", type=click.IntRange(1, 800), help="Cards besides those  [default: 100, short: 4]")
@click.option("--report", type=click.Path(path_type=Path), help="Where the report goes.")
@click.option("--seed", type=int, help="Make up the same cards again.")
@click.pass_context
def prove(
    context: click.Context, short: bool, captures: int | None, report: Path | None, seed: int | None
) -> None:
    """Prove that cards which are keyed in stand nowhere, and sign a report of it."""
    if context.invoked_subcommand is not None:
        return
    log.configure("warning", "console")
    console, state = Console(), local_folder() / _STATE
    seed = secrets.randbits(64) if seed is None else seed
    plan = Plan(state / "line", seed, captures or (_FEW if short else _CAPTURES), short)
    with Bars(console) as bars:
        proof = anyio.run(partial(carry_out, plan, bars))
    show_proof(console, proof)
    file = report or state / f"report-{proof.began:%Y%m%d-%H%M%S}.html"
    _write(proof, file, state)
    console.print(f"The report is {file}; its public key lies in {state}.")
    sys.exit(0 if proof.holds else 1)


@prove.command(epilog="Example: tellerline prove verify report.html --key key.pub.pem")
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--key", type=click.Path(path_type=Path), help="The public key  [default: this machine's]")
def verify(report: Path, key: Path | None) -> None:
    """Check that a report is as it was signed; ends with 1 when it is not."""
    trusted = public_key(key or local_folder() / _STATE)
    try:
        text = report.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{report} cannot be read as a report: {problem}") from problem
    match check(text, trusted):
        case Genuine():
            click.secho(f"{report} is as it was signed by {fingerprint(trusted)}", fg="green")
        case NotGenuine(why=why):
            click.secho(f"{report} is not genuine: {why}", fg="red", err=True)
            sys.exit(1)


def _write(proof: Proof, file: Path, state: Path) -> None:
    key = signing_key(state)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(signed(html(proof, fingerprint(key.public_key())), key))
