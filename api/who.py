"""Who asks: what the gate found out, for handlers and for the audit trail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from api.scopes import Scope


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody: `id` is a user's or a key's id, empty for whoever is not known; `name` is for people.

    `address` is where they ask from.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    address: str = ""

    def may(self, scope: Scope) -> bool:
        """Whether they have this right; everybody has what is open."""
        return scope is Scope.OPEN or scope in self.scopes


NOBODY: Final = Who("", "", frozenset())
"""Whoever is not known."""

WHO: Final = web.RequestKey("who", Who)
"""Where the gate leaves who asks; without it, it is NOBODY."""

Gate = Callable[[web.Request, Scope], Awaitable[Who]]
"""Finds out who asks, for a route of that scope. Raises Unknown or NotAllowed when they may not."""
