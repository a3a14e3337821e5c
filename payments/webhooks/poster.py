"""Posting one message to a URL: the time, the size and the places it may take are limited."""

from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from payments.webhooks.delivery import Arrived, Failed
from payments.webhooks.guard import NotPublic, PublicOnly, refuse_private

_READ_BYTES: Final = 16 * 1024
_OK: Final = range(200, 300)
_GONE: Final = 410


class Poster:
    """Posts over HTTP. `private` lets it reach this machine and private networks. No redirect is followed."""

    def __init__(self, *, private: bool = False, within_s: float = 15.0) -> None:
        self._private = private
        self._timeout = aiohttp.ClientTimeout(total=within_s, sock_connect=min(5.0, within_s))
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = None if self._private else PublicOnly()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, limit=50, limit_per_host=5, ttl_dns_cache=60),
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "tellerline-webhooks", "Content-Type": "application/json"},
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Arrived | Failed:
        """Post once; what came of it, in words that carry nothing of the answer but its status."""
        if self._session is None:
            return Failed("the poster is closed")
        try:
            if not self._private:
                refuse_private(URL(url).host or "")
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.content.read(_READ_BYTES)
                if answer.status in _OK:
                    return Arrived(answer.status)
                return Failed(f"answered {answer.status}", gone=answer.status == _GONE)
        except NotPublic as refused:
            return Failed(str(refused))
        except TimeoutError:
            return Failed(f"no answer within {self._timeout.total:g} s")
        except (aiohttp.ClientError, ValueError, OSError) as error:
            return Failed(f"could not be reached ({_kind(error)})")


def _kind(error: Exception) -> str:
    inner = getattr(error, "os_error", None)
    return str(getattr(inner, "strerror", None) or type(error).__name__)
