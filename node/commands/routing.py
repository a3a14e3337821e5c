"""`tellerline routing`: try the routing of payments in a simulated world, and check the admin's file."""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from node.bars import Bars
from payments.routing.simulate import PURCHASES, Trial, trials

_LEVELS = "▁▂▃▄▅▆▇█"
_TOP_PCT = 8.0
_STYLES = {"bandit": "green", "best fixed": "yellow", "window": "cyan", "random": "red"}

Results = Mapping[str, Sequence[Trial]]


@click.group()
def routing() -> None:
    """Which gateway a payment goes to."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@routing.command(epilog="\b\nExample:\n  tellerline routing simulate --worlds 5 --first 100")
@click.option(
    "--worlds", default=20, show_default=True, help="How many made-up worlds.", type=click.IntRange(1)
)
@click.option("--first", default=101, show_default=True, help="The seed of the first world.")
@click.option("--purchases", default=PURCHASES, show_default=True, type=click.IntRange(1000))
def simulate(worlds: int, first: int, purchases: int) -> None:
    """Try four ways of routing in made-up worlds of five gateways with fees and an outage.

    Regret is the share of the best possible expected income (after fees) that a policy misses. The best
    possible knows every gateway's true chances, and of the outage.
    """
    found: dict[str, list[Trial]] = defaultdict(list)
    with Bars(Console(stderr=True)) as bars:
        for name, seed, trial in trials(range(first, first + worlds), purchases):
            found[name].append(trial)
            bars.show("simulating", (seed - first + len(found) / 4) / worlds)
    console = Console()
    console.print(_table(found))
    console.print(_picture(found))


def _table(found: Results) -> Table:
    table = Table("policy", box=None, pad_edge=False)
    for heading in ("regret %", "best world", "worst world"):
        table.add_column(heading, justify="right")
    for name, several in found.items():
        regrets = [trial.regret_pct for trial in several]
        values = [f"{value:.2f}" for value in (mean(regrets), min(regrets), max(regrets))]
        table.add_row(Text(name, _STYLES[name]), *values)
    return table


def _picture(found: Results) -> Text:
    """What is missed over time: one line a policy, the outage from the half on."""
    picture = Text(f"\nwhat is missed, over time (full height: {_TOP_PCT:g} % or more)\n")
    for name, several in found.items():
        curve = [mean(points) for points in zip(*(trial.curve for trial in several), strict=True)]
        picture.append(f"{name:>10} ").append("".join(map(_bar, curve)) + "\n", _STYLES[name])
    length = len(next(iter(found.values()))[0].curve)
    marks = "".join("o" if length // 2 <= at < length // 2 + length // 8 else " " for at in range(length))
    return picture.append(f"{'outage':>10} {marks}\n", "dim")


def _bar(value: float) -> str:
    return _LEVELS[min(int(value / _TOP_PCT * len(_LEVELS)), len(_LEVELS) - 1)]


@routing.command(
    epilog="\b\nExample:\n  tellerline routing check routing.toml --gateway stripe --gateway braintree"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--gateway", "gateways", multiple=True, required=True, help="A gateway of the line; repeat it.")
def check(file: Path, gateways: tuple[str, ...]) -> None:
    """Read a routing file and tell every mistake in it at once."""
    from payments.routing.file import read  # noqa: PLC0415 - pydantic is for this alone

    terms = read(file, gateways)
    click.echo(f"{file} is right: {len(terms.costs)} gateways with costs, {len(terms.rules)} rules.")
