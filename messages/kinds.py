"""What the line tells people: a closed list, each with what its words are filled with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from core.errors import BadInput
from core.letter import Value
from core.money import Money
from messages.message import Channel

_NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
_DUE: Final = Money(12550, "USD")
BOTH: Final = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that is told. `sample` fills its preview, and says which values there are.

    What is `secret` opens something, and is forgotten once it was sent. After `within` it is of no use.
    """

    name: str
    sample: Mapping[str, Value]
    channels: tuple[Channel, ...] = BOTH
    secret: bool = False
    within: timedelta | None = None


_ALL: Final = (
    Kind(
        "receipt",
        {
            "name": "Robin Example",
            "amount": _DUE,
            "at": _NOON,
            "card": "Visa 4242",
            "code": "7KQ2",
        },
    ),
    Kind(
        "refund",
        {"name": "Robin Example", "amount": _DUE, "at": _NOON, "card": "Visa 4242", "code": "7KQ2"},
    ),
    Kind(
        "link",
        {"amount": _DUE, "until": _NOON + timedelta(days=3), "url": "https://pay.example.com/pay/Zx81"},
        secret=True,
    ),
    Kind("code", {"code": "123456"}, (Channel.SMS,), secret=True, within=timedelta(minutes=5)),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({kind.name: kind for kind in _ALL})


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises BadInput."""
    if name not in KINDS:
        raise BadInput(f"there is no message {name!r}: there are {', '.join(KINDS)}")
    return KINDS[name]
