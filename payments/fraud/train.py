"""Training: transactions replayed in the order of time, the first part learned, the last part judged."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from core.errors import BadInput
from payments.fraud.anomaly import HalfSpaces
from payments.fraud.evaluate import Quality, quality
from payments.fraud.features import FEATURES, Row, row
from payments.fraud.features import major as in_major
from payments.fraud.keys import Kind, Mark
from payments.fraud.logistic import LogisticRegression
from payments.fraud.model import Model
from payments.fraud.sightings import MemorySightings, Sighting
from payments.fraud.transactions import Transaction
from payments.fraud.trees import Tree
from payments.purchase import Purchase

Tell = Callable[[str, float], None]

_LEARNED: Final = 0.7  # of the transactions, by time; the rest judges
_FEWEST: Final = 20  # frauds in each part
_ROUNDS: Final = 80
_PARAMETERS: Final[dict[str, Any]] = {  # Any: LightGBM's own
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 12,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and how it, the half-space trees alone and a logistic regression did on what none had seen."""

    model: Model
    trees: Quality
    anomaly: Quality
    logistic: Quality
    learned: int
    judged: int
    frauds: int


def train(transactions: Sequence[Transaction], name: str, home: str, tell: Tell) -> Trained:
    """Train on the first 70 % by time, judge by the rest. Raises BadInput where there are too few frauds.

    `tell` hears what is done, and how much of it, from 0 to 1. `home` is as for features.row.
    """
    cut = round(len(transactions) * _LEARNED)
    fraud = [one.fraud for one in transactions]
    if min(sum(fraud[:cut]), sum(fraud[cut:])) < _FEWEST:
        raise BadInput(
            f"too few frauds: {sum(fraud[:cut])} in the first 70 % and {sum(fraud[cut:])} in the rest; "
            f"{_FEWEST} are needed in each"
        )
    rows = replayed(transactions, home, tell)
    trees = _boosted(rows[:cut], fraud[:cut], tell)
    tell("counting half-spaces", 0.0)
    anomaly = HalfSpaces.fit(rows[:cut])
    tell("counting half-spaces", 1.0)
    model = Model(name, trees, anomaly, {})
    judged = _judge(model, rows, fraud, cut, tell)
    evaluation = {
        f"{which}_{key}": value for which, one in judged.items() for key, value in asdict(one).items()
    }
    model = Model(name, trees, anomaly, {key: round(value, 4) for key, value in evaluation.items()})
    return Trained(
        model,
        trees=judged["trees"],
        anomaly=judged["anomaly"],
        logistic=judged["logistic"],
        learned=cut,
        judged=len(rows) - cut,
        frauds=sum(fraud),
    )


def replayed(transactions: Sequence[Transaction], home: str, tell: Tell) -> list[Row]:
    """The features of each, as they would have been on its call."""
    sightings, rows = MemorySightings(), []
    for number, one in enumerate(transactions):
        if number % 1000 == 0:
            tell("replaying", number / len(transactions))
        purchase = one.purchase
        (seen,) = sightings.see_now([_sighting(purchase)])
        rows.append(row(purchase, seen, home))
        if one.declined:
            sightings.declined_now([purchase.attempt])
    tell("replaying", 1.0)
    return rows


def _sighting(purchase: Purchase) -> Sighting:
    """As on a call, but with the things themselves for marks: they stay in this process."""
    known = (
        (Kind.CARD, purchase.fingerprint),
        (Kind.CALLER, purchase.caller),
        (Kind.ACCOUNT, purchase.account),
        (Kind.ADDRESS, purchase.address),
    )
    marks = tuple(Mark(kind, value) for kind, value in known if value)
    return Sighting(purchase.attempt, purchase.at, in_major(purchase.amount), marks)


def _judge(
    model: Model, rows: Sequence[Row], fraud: Sequence[bool], cut: int, tell: Tell
) -> dict[str, Quality]:
    tell("judging", 0.0)
    truth, unseen = fraud[cut:], rows[cut:]
    regression = LogisticRegression(rows[:cut], fraud[:cut])
    judged = {
        "trees": quality(truth, [model.score(one) for one in unseen]),
        "anomaly": quality(truth, [model.anomaly.rarity(one) for one in unseen]),
        "logistic": quality(truth, regression.scores(unseen)),
    }
    tell("judging", 1.0)
    return judged


def _boosted(rows: Sequence[Row], fraud: Sequence[bool], tell: Tell) -> tuple[Tree, ...]:
    try:
        import lightgbm  # noqa: PLC0415 - only training needs it
    except (ImportError, OSError) as error:
        raise BadInput(
            f"training needs LightGBM, which cannot be loaded here ({error}): pip install lightgbm, and "
            "Debian's libgomp1"
        ) from None
    import numpy as np  # noqa: PLC0415 - comes with it

    data = lightgbm.Dataset(np.asarray(rows), np.asarray(fraud, dtype=float), feature_name=list(FEATURES))

    def told(environment: Any) -> None:
        tell("training", (environment.iteration + 1) / _ROUNDS)

    booster = lightgbm.train(_PARAMETERS, data, num_boost_round=_ROUNDS, callbacks=[told])
    return tuple(_tree(one["tree_structure"]) for one in booster.dump_model()["tree_info"])


def _tree(structure: dict[str, Any]) -> Tree:
    """LightGBM's nested nodes as rows of numbers."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    leaf: list[float] = []

    def visit(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            leaf.append(round(float(node["leaf_value"]), 6))
            return -len(leaf)
        place = len(feature)
        feature.append(int(node["split_feature"]))
        threshold.append(float(node["threshold"]))
        left.append(0)
        right.append(0)
        left[place] = visit(node["left_child"])
        right[place] = visit(node["right_child"])
        return place

    visit(structure)
    return Tree(tuple(feature), tuple(threshold), tuple(left), tuple(right), tuple(leaf))
