"""Recordings and models that lie beside the project; a public clone does not have them."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from core.audio import Audio
from pbx.media.g711 import ulaw_to_pcm

RATE_HZ: Final = 8000


@dataclass(frozen=True, slots=True)
class Recording:
    """Somebody said `text`; `kind` and `speaker` as the manifest has them."""

    audio: Audio
    text: str
    kind: str
    speaker: str


def found(part: str) -> Path | None:
    """A folder or file of the test pack, None where it is absent."""
    path = _folder() / part
    return path if path.exists() else None


def pack(part: str) -> Path:
    """The same; where it is absent the test is skipped and says why."""
    path = found(part)
    if path is None:
        pytest.skip(f"the test pack is not here: {_folder() / part}; set TELLERLINE_TESTPACK to its folder")
    return path


def recordings(part: str) -> Iterator[Recording]:
    """All recordings of one of its folders."""
    folder = pack(part)
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        sound = from_ulaw((folder / row["file"]).read_bytes())
        yield Recording(sound, row["text"], row.get("kind", ""), row.get("speaker", ""))


def from_ulaw(coded: bytes) -> Audio:
    """ITU-T G.711 u-law at 8 kHz as linear sound."""
    return Audio(ulaw_to_pcm(coded), RATE_HZ)


def _folder() -> Path:
    beside = Path(__file__).parents[2] / "shared" / "testpack"
    return Path(os.environ.get("TELLERLINE_TESTPACK", beside))


def frames(audio: Audio, seconds: float) -> Iterator[Audio]:
    """Whole frames of that length; what is left at the end is dropped."""
    size = 2 * round(seconds * audio.rate_hz)
    for place in range(0, len(audio.pcm) - size + 1, size):
        yield Audio(audio.pcm[place : place + size], audio.rate_hz)
