"""Requests to a gateway that carry no card: what was answered, or what is known when nothing was."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import aiohttp

from payments.outcome import NotAttempted, Unknown
from payments.tls import checked

_SERVER_ERROR = 500
_UNDECIDED = frozenset({408, 409, 425})  # begun, or being worked on
_NOT_TAKEN = frozenset({401, 403, 426, 429})


@dataclass(frozen=True, slots=True)
class Said:
    """An HTTP answer that means something; `body` is as it came."""

    status: int
    body: bytes


class Client:
    """Asks one vendor. Make it inside the running loop, and `close` it at the end.

    Each request has a connection of its own: one that the vendor just closed would make an outcome unknown.
    """

    def __init__(
        self, vendor: str, url: str, authority: Path | None, connect_s: float, answer_s: float
    ) -> None:
        self.url = url.rstrip("/")
        self._vendor = vendor
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=checked(authority), force_close=True),
            timeout=aiohttp.ClientTimeout(total=answer_s, sock_connect=connect_s),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Said | NotAttempted | Unknown:
        """Send a request once. A server error and a silence are Unknown; a 4xx is for the vendor's table."""
        try:
            async with self._session.request(
                method, self.url + path, headers=headers, data=body or None, allow_redirects=False
            ) as response:
                said = Said(response.status, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotAttempted(f"{self._vendor} could not be reached ({type(error).__name__})")
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unknown(f"no answer from {self._vendor} ({type(error).__name__})")
        if said.status >= _SERVER_ERROR or said.status in _UNDECIDED:
            return Unknown(f"{self._vendor} answered {said.status}")
        if said.status in _NOT_TAKEN:
            return NotAttempted(f"{self._vendor} did not take the request: {said.status}")
        return said
