"""A trained model of intents: numbers in a file that holds nothing but numbers and names."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from asr.intents.embedder import Embedder
from asr.intents.features import BLOCKS
from core.errors import BadInput

VERSION: Final = 1
_MOST_BYTES: Final = 256 << 20  # a file that unpacks to more is none of ours

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of features: their places, how rare each is, and what each says for each intent."""

    places: Mapping[str, int]
    rarity: Floats
    weights: Floats

    def scores(self, counts: Mapping[str, int]) -> Floats | None:
        """Its part of each intent's score; None when it knows nothing of the sentence."""
        known = [
            (place, count) for name, count in counts.items() if (place := self.places.get(name, -1)) >= 0
        ]
        if not known:
            return None
        at = np.array([place for place, _ in known])
        weight = (1 + np.log(np.array([count for _, count in known], np.float32))) * self.rarity[at]
        scored: Floats = (weight / np.linalg.norm(weight)).astype(np.float32) @ self.weights[at]
        return scored


@dataclass(frozen=True, slots=True)
class Model:
    """`sureness` turns the best score and its lead over the second into a probability of being right.

    What is below `threshold` is not taken. `embedder` names the model of sentences that `points` belong to,
    empty without one.
    """

    language: str
    intents: tuple[str, ...]
    blocks: Mapping[str, Block]
    bias: Floats
    sureness: tuple[float, float, float]
    threshold: float
    digest: str
    embedder: str = ""
    points: Floats | None = None

    def scores(self, text: str, embedder: Embedder | None = None) -> Floats | None:
        """Each intent's score; None when no part of the text is known."""
        parts = [self.blocks[name].scores(count(text)) for name, count in BLOCKS.items()]
        known = [part for part in parts if part is not None]
        if self.points is not None and embedder is not None:
            known.append(embedder.embed([text])[0] @ self.points)
        return np.sum([self.bias, *known], axis=0, dtype=np.float32) if known else None


def save(model: Model, file: Path) -> None:
    """Write it, whole or not at all."""
    about = {
        "version": VERSION,
        "language": model.language,
        "intents": model.intents,
        "sureness": model.sureness,
        "threshold": model.threshold,
        "digest": model.digest,
        "embedder": model.embedder,
        "names": {name: list(block.places) for name, block in model.blocks.items()},
    }
    arrays: dict[str, NDArray[np.generic]] = {"bias": model.bias}
    for name, block in model.blocks.items():
        arrays[f"{name}_rarity"] = block.rarity.astype(np.float16)
        arrays[f"{name}_weights"] = block.weights.astype(np.float16)
    if model.points is not None:
        arrays["points"] = model.points
    part = file.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry("about.json"), json.dumps(about, ensure_ascii=False))
        for name, array in arrays.items():
            written = io.BytesIO()
            np.save(written, array, allow_pickle=False)
            packed.writestr(_entry(f"{name}.npy"), written.getvalue())
    part.replace(file)


def load(file: Path) -> Model:
    """Read it. Raises BadInput for a file that is damaged, of another version, or no model at all.

    Nothing in the file is ever run: it is JSON and arrays of numbers.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST_BYTES:
                raise BadInput(f"{file} is no model of intents: it is too large")
            about = json.loads(packed.read("about.json"))
            arrays = {
                entry.removesuffix(".npy"): np.load(io.BytesIO(packed.read(entry)), allow_pickle=False)
                for entry in packed.namelist()
                if entry.endswith(".npy")
            }
        if about["version"] != VERSION:
            raise BadInput(f"{file} has version {about['version']}, not {VERSION}: train it again")
        return _model(about, arrays)
    except OSError as error:
        raise BadInput(f"the model {file} cannot be read: {error.strerror or error}") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise BadInput(f"{file} is no model of intents, or it is damaged: {error}") from error


def _model(about: Mapping[str, object], arrays: Mapping[str, Floats]) -> Model:
    names, intents = about["names"], about["intents"]
    sureness = about["sureness"]
    if not isinstance(names, dict) or not isinstance(intents, list) or not isinstance(sureness, list):
        raise ValueError("its description is not whole")
    points = arrays.get("points")
    model = Model(
        language=str(about["language"]),
        intents=tuple(map(str, intents)),
        blocks={name: _block(names[name], name, arrays) for name in BLOCKS},
        bias=arrays["bias"].astype(np.float32),
        sureness=(float(sureness[0]), float(sureness[1]), float(sureness[2])),
        threshold=float(str(about["threshold"])),
        digest=str(about["digest"]),
        embedder=str(about["embedder"]),
        points=None if points is None else points.astype(np.float32),
    )
    _refuse_wrong_shapes(model)
    return model


def _block(names: Sequence[str], name: str, arrays: Mapping[str, Floats]) -> Block:
    places = {feature: place for place, feature in enumerate(names)}
    weights = arrays[f"{name}_weights"].astype(np.float32)
    return Block(places, arrays[f"{name}_rarity"].astype(np.float32), weights)


def _refuse_wrong_shapes(model: Model) -> None:
    many = len(model.intents)
    shapes = [
        model.bias.shape == (many,),
        *(
            block.weights.shape == (len(block.places), many) and block.rarity.shape == (len(block.places),)
            for block in model.blocks.values()
        ),
        model.points is None or model.points.shape[1:] == (many,),
    ]
    if not all(shapes):
        raise ValueError("its arrays do not fit each other")


def _entry(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same model, whenever it is written."""
    entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
