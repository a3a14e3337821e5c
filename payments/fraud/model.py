"""A model as a file: JSON with trees, half-spaces, its features, its evaluation and its own hash."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadInput
from payments.fraud.anomaly import HalfSpaces
from payments.fraud.falls import Node
from payments.fraud.features import FEATURES, Row
from payments.fraud.trees import Tree, nested, probability

FORMAT: Final = 1
SHIPPED: Final = Path(__file__).parent / "shipped.json"
_NUMBERS = tuple[float, ...]
_PLACES = tuple[Annotated[int, Field(ge=0, lt=len(FEATURES))], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """What scores. `name` is its version, `hash` the first 12 hex digits of the SHA-256 of its content.

    `evaluation` holds what it reached on transactions that it was not trained on (payments.fraud.evaluate).
    """

    name: str
    trees: tuple[Tree, ...]
    anomaly: HalfSpaces
    evaluation: Mapping[str, float]
    hash: str = ""
    _nested: tuple[Node, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """The trees as they are fallen through."""
        object.__setattr__(self, "_nested", tuple(nested(tree) for tree in self.trees))

    @property
    def version(self) -> str:
        """As it is written down with each attempt."""
        return f"{self.name}@{self.hash}"

    def score(self, row: Row) -> float:
        """How likely this is fraud, from 0 to 1."""
        return probability(self._nested, row)

    def unusual(self, row: Row) -> float:
        """How many per cent of the purchases in training were more usual."""
        return self.anomaly.percentile(row)


def save(model: Model, file: Path) -> Model:
    """Write it, all or nothing; the model with its hash."""
    content = {
        "format": FORMAT,
        "name": model.name,
        "features": list(FEATURES),
        "evaluation": dict(model.evaluation),
        "trees": [asdict(tree) for tree in model.trees],
        "anomaly": {name: getattr(model.anomaly, name) for name in _HalfSpaces.model_fields},
    }
    digest = _digest(content)
    new = file.with_name(file.name + ".new")
    new.write_text(json.dumps({"sha256": digest, **content}, separators=(",", ":")) + "\n", "utf-8")
    new.replace(file)
    return Model(model.name, model.trees, model.anomaly, model.evaluation, digest[:12])


def load(file: Path) -> Model:
    """Read one that `save` wrote. A file can only hold numbers; nothing of it is ever run.

    Raises BadInput for one that is damaged, was changed, or wants other features than this release has.
    """
    try:
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        found = _Content.model_validate(content)
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); see fraud.model") from None
    except (ValidationError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise BadInput(
            f"{file} is not a fraud model ({first}): train one with `tellerline fraud train`"
        ) from None
    del content["sha256"]
    if _digest(content) != found.sha256:
        raise BadInput(f"{file} was changed or damaged: its hash is not the one it names; train it again")
    if found.features != FEATURES:
        raise BadInput(f"{file} was trained for another release's features: train it again")
    trees = tuple(Tree(**one.model_dump()) for one in found.trees)
    anomaly = HalfSpaces(**found.anomaly.model_dump())
    return Model(found.name, trees, anomaly, found.evaluation, found.sha256[:12])


def _digest(content: Mapping[str, object]) -> str:
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class _Tree(_Strict):
    feature: _PLACES
    threshold: _NUMBERS
    left: tuple[int, ...]
    right: tuple[int, ...]
    leaf: _NUMBERS

    def model_post_init(self, _context: object) -> None:
        """Every step leads on: to a later node, or to a leaf that is there."""
        nodes = len(self.feature)
        if not len(self.threshold) == len(self.left) == len(self.right) == nodes:
            raise ValueError("a tree's nodes do not fit together")
        steps = [(node, to) for side in (self.left, self.right) for node, to in enumerate(side)]
        if not self.leaf or any(not (node < to < nodes or -len(self.leaf) <= to < 0) for node, to in steps):
            raise ValueError("a tree leads nowhere")


class _HalfSpaces(_Strict):
    low: _NUMBERS
    high: _NUMBERS
    feature: tuple[_PLACES, ...]
    cut: tuple[_NUMBERS, ...]
    mass: tuple[tuple[int, ...], ...]
    typical: _NUMBERS

    def model_post_init(self, _context: object) -> None:
        """As many cuts as features, and a mass for each half."""
        fits = [
            len(feature) == len(cut) and len(mass) == 2 * len(cut) + 1
            for feature, cut, mass in zip(self.feature, self.cut, self.mass, strict=True)
        ]
        if not all(fits):
            raise ValueError("half-spaces do not fit together")


class _Content(_Strict):
    sha256: str
    format: Literal[1]
    name: str
    features: tuple[str, ...]
    evaluation: dict[str, float]
    trees: tuple[_Tree, ...]
    anomaly: _HalfSpaces
