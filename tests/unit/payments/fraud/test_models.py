"""Models: trees, half-spaces, evaluation, training, and files that cannot do harm."""

import json
from pathlib import Path
from random import Random

import lightgbm
import numpy as np
import pytest

from core.errors import BadInput
from payments.fraud.anomaly import HalfSpaces
from payments.fraud.evaluate import quality
from payments.fraud.features import FEATURES
from payments.fraud.generate import generate
from payments.fraud.logistic import LogisticRegression
from payments.fraud.model import SHIPPED, load, save
from payments.fraud.train import _PARAMETERS, Trained, _tree, replayed, train
from payments.fraud.transactions import read, write
from payments.fraud.trees import Tree, logistic, nested, probability


def quiet(_doing: str, _done: float) -> None:
    """Says nothing."""


@pytest.fixture(scope="module")
def trained() -> Trained:
    return train(generate(15_000, seed=3), "test", "US", quiet)


def test_the_trees_say_what_lightgbm_says() -> None:
    chance = Random(1)
    rows = [tuple(chance.random() for _ in FEATURES) for _ in range(800)]
    fraud = [row[0] + row[1] > 1.2 for row in rows]
    data = lightgbm.Dataset(np.asarray(rows), np.asarray(fraud, dtype=float))
    booster = lightgbm.train(_PARAMETERS, data, num_boost_round=20)
    trees = [nested(_tree(one["tree_structure"])) for one in booster.dump_model()["tree_info"]]
    expected = booster.predict(np.asarray(rows[:200]))
    assert [probability(trees, row) for row in rows[:200]] == pytest.approx(list(expected), abs=1e-4)


def test_a_tree_of_one_leaf_is_its_leaf() -> None:
    assert probability([nested(Tree((), (), (), (), (2.0,)))], ()) == logistic(2.0)


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0.5), (800.0, 1.0), (-800.0, 0.0)])
def test_the_logistic_function_bears_any_number(value: float, expected: float) -> None:
    assert logistic(value) == pytest.approx(expected)


def test_what_is_unlike_the_rest_is_rarer() -> None:
    chance = Random(2)
    usual = [(chance.gauss(0, 1), chance.gauss(0, 1)) for _ in range(2000)]
    spaces = HalfSpaces.fit([*usual, (12.0, -12.0), (-12.0, 12.0)])
    assert spaces.rarity((12.0, -12.0)) > spaces.rarity((0.1, 0.1))
    assert spaces.percentile((12.0, -12.0)) >= 99
    assert spaces.percentile((0.0, 0.0)) < 60


def test_quality_of_known_orders() -> None:
    perfect = quality([False, False, True, True], [0.1, 0.2, 0.8, 0.9])
    assert (perfect.auc, perfect.ap) == (1.0, 1.0)
    worst = quality([True, False, False], [0.1, 0.2, 0.3])
    assert worst.auc == 0.0
    assert worst.ap == pytest.approx(1 / 3)
    tied = quality([True, False, True, False], [0.5] * 4)
    assert (tied.auc, tied.ap) == (0.5, 0.5)
    assert quality([True] + [False] * 199, [1.0] + [0.0] * 199).p_at_100 == 0.01


def test_quality_needs_both_kinds() -> None:
    with pytest.raises(ValueError, match="both"):
        quality([True], [0.5])


def test_the_logistic_regression_finds_a_straight_line() -> None:
    chance = Random(3)
    rows = [(chance.gauss(0, 1), chance.gauss(0, 1), 1.0) for _ in range(2000)]
    fraud = [chance.random() < logistic(2 * row[0] - 1) for row in rows]
    regression = LogisticRegression(rows, fraud)
    scores = regression.scores([(1.0, 0.0, 1.0), (-1.0, 0.0, 1.0)])
    assert scores == pytest.approx([logistic(1.0), logistic(-3.0)], abs=0.06)


def test_training_is_better_than_a_logistic_regression(trained: Trained) -> None:
    assert trained.trees.auc > 0.9
    assert trained.trees.ap > trained.logistic.ap > trained.anomaly.ap
    assert trained.model.evaluation["trees_auc"] == round(trained.trees.auc, 4)


def test_training_again_gives_the_same_model() -> None:
    made = generate(6000, seed=3)
    assert train(made, "test", "US", quiet).model == train(made, "test", "US", quiet).model


def test_training_wants_enough_frauds() -> None:
    with pytest.raises(BadInput, match="too few frauds"):
        train(generate(1000), "test", "US", quiet)


def test_generated_transactions_are_the_same_for_the_same_seed() -> None:
    made = generate(2000, seed=5)
    assert made == generate(2000, seed=5)
    assert len(made) == 2000
    assert sum(one.fraud for one in made) == 40
    assert made == sorted(made, key=lambda one: one.purchase.at)


def test_transactions_come_back_from_their_file(tmp_path: Path) -> None:
    file, made = tmp_path / "transactions.csv", generate(1500, seed=6)
    assert write(file, made) == 1500
    found = read(file, quiet)
    assert replayed(found, "US", quiet) == replayed(made, "US", quiet)
    assert [(one.fraud, one.declined) for one in found] == [(one.fraud, one.declined) for one in made]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("2026-01-01,10.00,USD,card,4242424242424242,visa,,a1,US,,0,0", "looks like a card number"),
        ("2026-01-01,10.001,USD,card,f,visa,,a1,US,,0,0", "line 2"),
        ("yesterday,10.00,USD,card,f,visa,,a1,US,,0,0", "line 2"),
        ("2026-01-01,10.00,USD,cash,f,visa,,a1,US,,0,0", "cash"),
        ("2026-01-01,10.00,USD,card,f,visa,,a1,US,,0,maybe", "maybe"),
    ],
)
def test_mistakes_of_a_file_are_told_with_their_line(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "transactions.csv"
    write(file, [])
    file.write_text(file.read_text() + line + "\n")
    with pytest.raises(BadInput, match=told) as caught:
        read(file, quiet)
    assert "4242" not in str(caught.value)


def test_a_model_comes_back_from_its_file(tmp_path: Path, trained: Trained) -> None:
    kept = save(trained.model, tmp_path / "model.json")
    assert load(tmp_path / "model.json") == kept
    assert kept.version == f"test@{kept.hash}"
    assert len(kept.hash) == 12


def test_the_model_that_ships_can_be_used() -> None:
    model = load(SHIPPED)
    assert model.evaluation["trees_ap"] > model.evaluation["logistic_ap"]
    assert 0 <= model.score((0.0,) * len(FEATURES)) <= 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": "other"}, "changed or damaged"),
        ({"format": 2}, "not a fraud model"),
        ({"features": ["amount"]}, "changed or damaged"),
        ({"extra": 1}, "not a fraud model"),
        (
            {"trees": [{"feature": [99], "threshold": [1], "left": [-1], "right": [-2], "leaf": [0, 1]}]},
            "not a fraud",
        ),
        (
            {"trees": [{"feature": [0], "threshold": [1], "left": [0], "right": [-2], "leaf": [0, 1]}]},
            "not a fraud",
        ),
        (
            {"trees": [{"feature": [0], "threshold": [1], "left": [-3], "right": [-2], "leaf": [0, 1]}]},
            "not a fraud",
        ),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    content = json.loads(SHIPPED.read_text()) | change
    file = tmp_path / "model.json"
    file.write_text(json.dumps(content))
    with pytest.raises(BadInput, match=told):
        load(file)


@pytest.mark.parametrize("text", ["", "[]", "\x80\x04.", "{}"])
def test_what_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "model.json"
    file.write_text(text)
    with pytest.raises(BadInput, match="not a fraud model"):
        load(file)
    with pytest.raises(BadInput, match="cannot be read"):
        load(tmp_path / "none.json")
