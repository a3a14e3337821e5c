"""What a check found: fine, doubtful or broken, with what was seen and how to mend it."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How bad it is; `run` refuses to start on BROKEN."""

    FINE = "fine"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do, empty when it is fine."""

    what: str
    verdict: Verdict
    saw: str
    mend: str = ""


def fine(what: str, saw: str) -> Finding:
    """It is as it should be."""
    return Finding(what, Verdict.FINE, saw)


def doubtful(what: str, saw: str, mend: str) -> Finding:
    """It works, or may work, and could be better."""
    return Finding(what, Verdict.DOUBTFUL, saw, mend)


def broken(what: str, saw: str, mend: str) -> Finding:
    """The line cannot work like this."""
    return Finding(what, Verdict.BROKEN, saw, mend)
