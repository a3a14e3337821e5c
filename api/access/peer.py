"""Where a request comes from, and by which address we are known there; named proxies are believed."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from api.access.passkeys import Site
from api.problem import NotDone


@dataclass(frozen=True, slots=True)
class Peer:
    """The client's address, whether nobody on the way can read along, and our origin as the client has it."""

    address: str
    private: bool
    origin: str


class Peers:
    """Tells where requests come from; `url` is our own address where it is fixed, `proxies` are believed."""

    def __init__(self, proxies: Iterable[str] = (), url: str = "", company: str = "Tellerline") -> None:
        self._proxies, self._url, self._company = frozenset(proxies), url.rstrip("/"), company

    def of(self, request: web.Request) -> Peer:
        """Where this request comes from."""
        address, scheme = request.remote or "", request.scheme
        if address in self._proxies:
            told = request.headers.getall("X-Forwarded-For", [])
            hops = [hop.strip() for line in told for hop in line.split(",")]
            address = next((hop for hop in reversed(hops) if hop not in self._proxies), address)[:64]
            scheme = request.headers.get("X-Forwarded-Proto", scheme)
        private = scheme == "https" or _is_loopback(address)
        return Peer(address, private, self._url or f"{scheme}://{request.host}")

    def site(self, request: web.Request) -> Site:
        """Whom passkeys are for."""
        origin = self.of(request).origin
        return Site(urlsplit(origin).hostname or "", origin, self._company)

    def check_origin(self, request: web.Request) -> None:
        """Refuse what a page of somebody else makes a browser send. Programs send no Origin."""
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and origin != self.of(request).origin:
            raise NotDone(403, "wrong_origin", "this comes from a page that is not ours")
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise NotDone(403, "wrong_origin", "this comes from a page that is not ours")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
