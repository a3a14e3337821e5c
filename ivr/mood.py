"""How a call goes for its caller: who is upset gets a person sooner."""

from collections import deque
from statistics import median
from typing import Final

from asr.feelings.sentiment import feelings
from asr.grammar.tokens import tokens

_UPSET: Final = 1.0
_FAILED: Final = 0.25  # an attempt that came to nothing
_AGAIN: Final = 0.25  # the same words once more
_SHOUTED: Final = 0.3
_LOUDER_DB: Final = 9.0  # than this caller's other sentences; an amplitude of almost three times
_CALMS: Final = 0.5  # what is left of it after an answer that was understood
_KEPT: Final = 8


class Mood:
    """One call's. It grows with angry words, a raised voice, words said again and attempts that fail."""

    def __init__(self) -> None:
        self._score = 0.0
        self._loudness: deque[float] = deque(maxlen=_KEPT)
        self._said: deque[tuple[str, ...]] = deque(maxlen=_KEPT)

    @property
    def upset(self) -> bool:
        """Whether this caller should not be asked the same thing again."""
        return self._score >= _UPSET

    @property
    def score(self) -> float:
        """0 for calm; from 1 on somebody is upset."""
        return self._score

    def heard(self, text: str, language: str, loud_db: float | None = None) -> None:
        """Take in what was said, and how loud it was."""
        felt = feelings(language)
        self._score += felt.anger(text) if felt is not None else 0.0
        words = tokens(text)
        if len(words) > 1 and words in self._said:
            self._score += _AGAIN
        self._said.append(words)
        if loud_db is not None:
            if len(self._loudness) > 1 and loud_db - median(self._loudness) >= _LOUDER_DB:
                self._score += _SHOUTED
            self._loudness.append(loud_db)
        self._score = max(self._score, 0.0)

    def failed(self) -> None:
        """A question got no answer, or none that made sense."""
        self._score += _FAILED

    def answered(self) -> None:
        """A question got its answer."""
        self._score *= _CALMS
