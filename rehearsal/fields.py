"""Values of a YAML file, read with their lines; what is wrong is noted, and reading goes on."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from core.near import did_you_mean
from rehearsal.mistakes import Mistake

T = TypeVar("T")

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}


class Fields:
    """A mapping of the file. Each getter returns `default` where the key is absent or its value wrong."""

    def __init__(self, mapping: CommentedMap, mistakes: list[Mistake]) -> None:
        self._mapping = mapping
        self.mistakes = mistakes
        self._asked: set[str] = set()
        self._unread: set[str] = set()

    @property
    def line(self) -> int:
        """Where the mapping begins."""
        return int(self._mapping.lc.line) + 1

    def line_of(self, key: str) -> int:
        """Where a key stands."""
        return int(self._mapping.lc.key(key)[0]) + 1 if key in self._mapping else self.line

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        self._asked.add(key)
        return key in self._mapping

    def raw(self, key: str) -> object:
        """A value as YAML gives it; None where it is absent."""
        return self._mapping.get(key)

    def check(self, key: str, fine: bool, reason: str) -> None:
        """Note a mistake at a key unless its value is fine, or could not be read to begin with."""
        if not fine and key not in self._unread:
            self.wrong(key, reason)

    def wrong(self, key: str, reason: str) -> None:
        """Note a mistake at a key."""
        self.mistakes.append(Mistake(self.line_of(key), reason))

    def require(self, *keys: str) -> None:
        """Note the keys that are missing."""
        for key in keys:
            if key not in self._mapping:
                self.mistakes.append(Mistake(self.line, f"`{key}` is missing"))

    def text(self, key: str, default: str = "") -> str:
        """A text; a bare number is wrong, because YAML would drop its leading zeros."""
        return self._read(key, self._text, default)

    def duration_s(self, key: str, default: float) -> float:
        """A time such as `250ms`, `10s` or `2min`, in seconds."""
        return self._read(key, _duration, default)

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """One of some words."""
        known = list(choices)

        def one_of(value: object) -> str:
            if value not in known:
                raise ValueError(f"`{value}` is not known{did_you_mean(str(value), known)}")
            return str(value)

        return self._read(key, one_of, default)

    def whole_number(self, key: str, default: int) -> int:
        """A number from 0 on."""

        def number(value: object) -> int:
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise ValueError(f"`{value}` is not a whole number")
            return value

        return self._read(key, number, default)

    def texts(self, key: str) -> list[str]:
        """A list of texts, or a single one."""

        def read(value: object) -> list[str]:
            values = value if isinstance(value, CommentedSeq) else [value]
            return [self._text(one) for one in values]

        return self._read(key, read, [])

    def values(self, key: str) -> Mapping[str, str]:
        """A mapping of names to plain values, each as text."""

        def read(value: object) -> dict[str, str]:
            if not isinstance(value, CommentedMap):
                raise ValueError("must be a mapping such as {state: captured}")
            return {str(name): _plain(one) for name, one in value.items()}

        return self._read(key, read, {})

    def fields(self, key: str) -> "Fields | None":
        """A mapping below this one; None where it is absent."""

        def read(value: object) -> Fields:
            if not isinstance(value, CommentedMap):
                raise ValueError("must be a mapping")
            return Fields(value, self.mistakes)

        return self._read(key, read, None)

    def items(self, key: str) -> Iterator[tuple[int, Any]]:
        """A list's items, each with its line."""

        def read(value: object) -> CommentedSeq:
            if not isinstance(value, CommentedSeq):
                raise ValueError("must be a list, each item with a dash")
            return value

        for index, item in enumerate(sequence := self._read(key, read, CommentedSeq())):
            yield int(sequence.lc.item(index)[0]) + 1, item

    def finish(self, *also: str) -> None:
        """Note the keys that nobody asked for."""
        for key in self._mapping:
            if str(key) not in self._asked:
                self.wrong(key, f"`{key}` is not known here{did_you_mean(str(key), {*self._asked, *also})}")

    def _read(self, key: str, read: Callable[[object], T], default: T) -> T:
        if not self.has(key):
            return default
        try:
            return read(self._mapping[key])
        except ValueError as problem:
            self.wrong(key, f"`{key}`: {problem}")
            self._unread.add(key)
            return default

    @staticmethod
    def _text(value: object) -> str:
        if isinstance(value, str):
            return str(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            raise ValueError(f'put {value} in quotes: "{value}"')
        raise ValueError("must be a text")


def _duration(value: object) -> float:
    match = _DURATION.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"`{value}` is not a time such as 250ms, 10s or 2min")
    return float(match[1]) * _SECONDS[match[2]]


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (CommentedMap, CommentedSeq)):
        raise ValueError("its values must be plain: a text, a number, true or false")
    return str(value).lower() if isinstance(value, bool) else str(value)
