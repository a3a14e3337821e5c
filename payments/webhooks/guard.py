"""Which addresses a URL that somebody gave us may lead to: the public internet, never our own network."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from core.errors import Refused

_NAT64: Final = IPv6Network("64:ff9b::/96")


class NotPublic(Refused):
    """A URL leads to this machine or to a private network."""


class PublicOnly(AbstractResolver):
    """Resolves names, and refuses those that have an address which is not public.

    The connection goes to the very addresses that were looked at, so that a name cannot change in between.
    """

    def __init__(self) -> None:
        self._names = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """All addresses of a name. Raises NotPublic."""
        found = await self._names.resolve(host, port, family)
        for one in found:
            refuse_private(one["host"], of=host)
        return found

    async def close(self) -> None:
        """Nothing is held."""
        await self._names.close()


def refuse_private(address: str, of: str = "") -> None:
    """Raises NotPublic for an address of this machine or of a private network; names pass."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return
    if not _is_public(parsed):
        raise NotPublic(
            f"{of or address} is at {parsed}, which is not public: set webhooks.private to post there"
        )


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return _is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
