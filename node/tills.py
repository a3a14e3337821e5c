"""A till for commands: the gateways and stores by which a person moves money that was taken or held."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.clock import SystemClock
from db.engine import Work
from db.stores import stored
from node.database import opened
from node.gateways import further_gateways, main_gateway
from node.settings import Settings
from payments.contesting import Contesting
from payments.holding import Holding
from payments.limits import Limits
from payments.returning import Returning
from payments.stores import Stores


@dataclass(frozen=True, slots=True)
class Till:
    """What a command needs to move money that was taken."""

    work: Work
    stores: Stores
    returning: Returning
    holding: Holding
    contesting: Contesting


@asynccontextmanager
async def till(settings: Settings, command: str) -> AsyncIterator[Till]:
    """Open it, on the database and the gateways that the settings name."""
    clock, limits = SystemClock(), Limits()
    async with opened(settings, command) as work:
        gateways = [*further_gateways(settings.payments, clock), main_gateway(settings.payments)]
        named = {gateway.name: gateway for gateway in gateways}
        stores = stored(work, clock)
        try:
            returning = Returning(stores, named, clock, limits)
            contesting = Contesting(stores, named, clock, limits)
            yield Till(work, stores, returning, Holding(stores.payments, named, limits), contesting)
        finally:
            for gateway in gateways:
                await gateway.close()
