"""What callers say for each thing that they may want: a text file a language, which an admin edits."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asr.grammar.tokens import tokens
from core.errors import BadInput

SHIPPED: Final = Path(__file__).parent / "phrases"
ELSEWHERE: Final = "elsewhere"
"""The list of what the line does not do; it is no intent, and teaches the model what to leave alone."""

_FEWEST: Final = 5


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language, by intent."""

    language: str
    by_intent: Mapping[str, tuple[str, ...]]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """Each phrase with its intent."""
        return [(phrase, intent) for intent, phrases in self.by_intent.items() for phrase in phrases]

    @property
    def digest(self) -> str:
        """The same for the same phrases."""
        return hashlib.sha256(json.dumps(self.labelled, ensure_ascii=False).encode()).hexdigest()


def read_phrases(file: Path) -> Phrases:
    """The phrases of `LANGUAGE.toml`. Raises BadInput that lists every mistake in it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"the phrases {file} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"the phrases {file} are no TOML: {error}") from error
    if mistakes := list(_mistakes(data)):
        raise BadInput(f"the phrases {file} have mistakes:\n" + "\n".join(f"- {one}" for one in mistakes))
    return Phrases(file.stem, {intent: tuple(phrases) for intent, phrases in data.items()})


def _mistakes(data: Mapping[str, object]) -> list[str]:
    found, seen = list[str](), dict[tuple[str, ...], str]()
    if ELSEWHERE not in data:
        found.append(f"there is no list {ELSEWHERE!r}: what the line does not do")
    for intent, phrases in data.items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
            found.append(f"{intent} is no list of phrases")
            continue
        if len(phrases) < _FEWEST:
            found.append(f"{intent} has {len(phrases)} phrases: fewer than {_FEWEST} teach nothing")
        for phrase in phrases:
            said = tokens(phrase)
            if not said:
                found.append(f"{intent}: {phrase!r} has no word")
            elif said in seen:
                found.append(f"{intent}: {phrase!r} stands already below {seen[said]}")
            else:
                seen[said] = intent
    return found
