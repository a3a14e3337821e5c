"""How good routing and fraud scores are in their made-up worlds: `routing.*` and `fraud.*`."""

from collections import defaultdict
from functools import partial
from pathlib import Path
from statistics import mean

import anyio.to_thread
from rich.console import Console

from payments.fraud.generate import generate
from payments.fraud.train import Trained, train
from payments.routing.simulate import trials
from tests.load.figure import Figure
from tests.load.trial import Tell

_WORLDS = range(101, 121)  # not those that it was tuned in (0 to 51)
_REGRET_PCT = 1.0
_TRANSACTIONS = 60_000
_SEED = 2  # the model that ships was trained on 1


async def routing(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Regret in twenty worlds, of the policy that ships and of others beside it."""
    regrets: dict[str, list[float]] = defaultdict(list)
    for name, seed, trial in trials(_WORLDS):
        regrets[name].append(trial.regret_pct)
        tell("routing in made-up worlds", (seed - _WORLDS.start) / len(_WORLDS))
        await anyio.lowlevel.checkpoint()
    means = {name: round(mean(several), 2) for name, several in regrets.items()}
    console.print(
        "  regret %: "
        + ", ".join(f"{name} {value} (worst {max(regrets[name]):.2f})" for name, value in means.items()),
        highlight=False,
    )
    chance = means["random"]
    return [
        Figure("routing.regret_pct", means["bandit"], "%", chance, "a random gateway", _REGRET_PCT),
        Figure("routing.best_fixed_pct", means["best fixed"], "%", chance, "a random gateway"),
        Figure("routing.window_pct", means["window"], "%", chance, "a random gateway"),
    ]


async def fraud(_folder: Path, console: Console, tell: Tell) -> list[Figure]:
    """Trees and a logistic regression, trained and judged on the same made-up transactions."""
    tell("making up transactions", 0.0)
    made = await anyio.to_thread.run_sync(generate, _TRANSACTIONS, _SEED)
    one: Trained = await anyio.to_thread.run_sync(partial(train, made, "bench", "US", tell))
    console.print(
        f"  {one.learned} transactions learned, {one.judged} judged, {one.frauds} of all are fraud; "
        f"half-space trees alone: AUC {one.anomaly.auc:.3f}, AP {one.anomaly.ap:.3f}",
        highlight=False,
    )
    of = "logistic regression"
    return [
        Figure("fraud.auc", round(one.trees.auc, 4), "", round(one.logistic.auc, 4), of, less=False),
        Figure("fraud.ap", round(one.trees.ap, 4), "", round(one.logistic.ap, 4), of, less=False),
        Figure(
            "fraud.p_at_100",
            round(one.trees.p_at_100, 3),
            "",
            round(one.logistic.p_at_100, 3),
            of,
            less=False,
        ),
    ]
