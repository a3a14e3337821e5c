"""The outbox: what is to be posted to somebody's URL is written down first, and posted until it arrived."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias
from urllib.parse import urlsplit

from core.errors import BadInput

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

AS_FORM: Final = ".form"
"""An event whose name ends so is posted as a form of its data alone (application/x-www-form-urlencoded)."""

_EVENT: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_LONGEST_URL: Final = 2000


class Outbox(Protocol):
    """Where a message to a URL is left; sending it, again and again if need be, is its own business."""

    async def post(self, url: str, event: str, data: Mapping[str, JsonValue], *, key: str) -> None:
        """Write the message down together with the job that sends it; returns before it is sent.

        `event` names its kind in dotted words (`payment.settled`); `data` says nothing secret. A `key` is
        posted once: a second post with it does nothing. Raises BadInput for a URL or an event that cannot be
        one, StoreLost when nothing could be written down.
        """
        ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it was left in the outbox."""

    url: str
    event: str
    data: Mapping[str, JsonValue]
    key: str


class MemoryOutbox:
    """An outbox that sends nothing: `posted` lists what was left in it, in order."""

    def __init__(self) -> None:
        self._by_key: dict[str, Posted] = {}

    @property
    def posted(self) -> list[Posted]:
        """Everything that was posted, each key once."""
        return list(self._by_key.values())

    async def post(self, url: str, event: str, data: Mapping[str, JsonValue], *, key: str) -> None:
        """Keep the message; a key that is known already changes nothing."""
        check_url(url)
        check_event(event)
        self._by_key.setdefault(key, Posted(url, event, dict(data), key))


def check_url(url: str) -> None:
    """Raises BadInput unless it is an http or https URL with a host, and with no user or password in it."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url or len(url) > _LONGEST_URL:
        raise BadInput(
            f"{url[:100]!r} is no URL to post to: write https://host/path, without user and password"
        )


def check_event(event: str) -> None:
    """Raises BadInput unless it is dotted words such as `payment.settled`."""
    if not _EVENT.fullmatch(event):
        raise BadInput(f"{event!r} is no event: write dotted words such as payment.settled")
