"""A bad network: RTP between a caller and the line is relayed on loopback, and some of it lost, some late."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import anyio
from anyio.abc import SocketAttribute, TaskGroup, UDPSocket

from node.stack.ports import HOST
from rehearsal.beside import beside

_BEHIND_S = 0.0001


@dataclass(slots=True)
class End:
    """One side of the path; `peer` is who sends from there, once they did."""

    socket: UDPSocket
    peer: tuple[str, int] | None = None
    writing: anyio.Lock = field(default_factory=anyio.Lock)

    @property
    def port(self) -> int:
        """Where to send what is to come out at the other end."""
        return int(self.socket.extra(SocketAttribute.local_port))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Of the packets, each way, `lost` (from 0 to 1) never arrive; the others come up to `jitter_s` late.

    They stay in order, as in a queue that fills and empties, unless one `overtakes` those before it.
    """

    lost: float
    jitter_s: float
    overtakes: bool = False


class RoughPath:
    """Both ways between the `near` end and the `far` one. `came` and `gone` count packets."""

    def __init__(self, near: End, far: End, trouble: Trouble, chance: Random) -> None:
        self.near, self.far = near, far
        self.came = self.gone = 0
        self._trouble, self._chance = trouble, chance

    async def run(self) -> None:
        """Carry packets both ways until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._carry, self.near, self.far, tasks)
            tasks.start_soon(self._carry, self.far, self.near, tasks)

    async def _carry(self, source: End, target: End, tasks: TaskGroup) -> None:
        before_s = 0.0
        async for datagram, peer in source.socket:
            source.peer = source.peer or peer
            self.came += 1
            if self._chance.random() < self._trouble.lost:
                self.gone += 1
                continue
            at_s = anyio.current_time() + self._chance.uniform(0, self._trouble.jitter_s)
            before_s = at_s if self._trouble.overtakes else max(at_s, before_s + _BEHIND_S)
            tasks.start_soon(_arrive, datagram, target, before_s)


async def _arrive(datagram: bytes, target: End, at_s: float) -> None:
    await anyio.sleep_until(at_s)
    if target.peer is not None:
        async with target.writing:
            await target.socket.sendto(datagram, *target.peer)


@asynccontextmanager
async def rough_path(trouble: Trouble, seed: int) -> AsyncIterator[RoughPath]:
    """Such a path for as long as the `async with` lasts."""
    async with (
        await anyio.create_udp_socket(local_host=HOST) as near,
        await anyio.create_udp_socket(local_host=HOST) as far,
    ):
        path = RoughPath(End(near), End(far), trouble, Random(seed))
        async with beside(path.run):
            yield path
