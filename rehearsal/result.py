"""What a rehearsal found out: the same as was written, or what differs, with its figures."""

from dataclasses import dataclass, field
from pathlib import Path

from core.ids import CallId
from rehearsal.timeline import Entry


@dataclass(frozen=True, slots=True)
class Difference:
    """Something went otherwise than `file:line` says."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured at the caller's ear; None where it could not be. Times count from dialing.

    `first_sound_s` is when sound above -50 dBFS arrived, within 40 ms; it includes the 20 ms for which the
    telephone holds a packet back. `dropouts` counts places where sound was torn for
    10 to 200 ms: packets that came later than the telephone holds sound ready, 20 to 60 ms.
    """

    setup_s: float | None = None
    first_sound_s: float | None = None
    seconds: float = 0.0
    packets: int | None = None
    lost: int | None = None
    jitter_ms: float | None = None
    dropouts: int | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A rehearsal that was played; it came out the same when there is no difference.

    `cards` are the card numbers that were keyed in, for whoever looks for leaks; they are printed nowhere.
    """

    file: Path
    name: str
    caller: str
    call: CallId | None
    outcome: str
    differences: tuple[Difference, ...]
    figures: Figures
    entries: tuple[Entry, ...] = field(repr=False)
    cards: tuple[str, ...] = field(repr=False, default=())

    @property
    def same(self) -> bool:
        """Whether it came out as written."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """A rehearsal that could not be played; `reason` says what to do."""

    file: Path
    name: str
    reason: str


Result = Played | NotPlayed


def as_json(result: Result) -> dict[str, object]:
    """For machines: plain values only, no keys and no card numbers."""
    head: dict[str, object] = {"file": str(result.file), "name": result.name}
    match result:
        case NotPlayed(reason=reason):
            return {**head, "verdict": "not played", "reason": reason}
        case Played(figures=figures):
            return {
                **head,
                "verdict": "same" if result.same else "different",
                "caller": result.caller,
                "call": result.call,
                "outcome": result.outcome,
                "differences": [{"line": one.line, "what": one.what} for one in result.differences],
                "figures": {name: getattr(figures, name) for name in Figures.__slots__},
                "timeline": [
                    {
                        "at_s": round(entry.at_s, 3),
                        "who": entry.who.value,
                        "what": entry.what,
                        "wrong": entry.wrong,
                    }
                    for entry in result.entries
                ],
            }
