"""Messages between nodes of one process: the post (api.errands) without a database."""

from collections.abc import Callable

import anyio
from anyio import TASK_STATUS_IGNORED
from anyio.abc import TaskStatus
from anyio.lowlevel import checkpoint


class Village:
    """The nodes that know each other, by name."""

    def __init__(self) -> None:
        self.hearing: dict[str, Callable[[bytes], None]] = {}

    def post(self, node: str) -> "MemoryPost":
        """The post of one of them."""
        return MemoryPost(self, node)


class MemoryPost:
    """The Post protocol: what is sent is heard at once, and by nobody where nobody is there."""

    def __init__(self, village: Village, node: str) -> None:
        self._village, self._node = village, node

    async def send(self, node: str, message: bytes) -> None:
        """Send one; whether the other node is there is not known."""
        await checkpoint()
        hear = self._village.hearing.get(node)
        if hear is not None:
            hear(message)

    async def run(
        self, hear: Callable[[bytes], None], *, task_status: TaskStatus[None] = TASK_STATUS_IGNORED
    ) -> None:
        """Hand on each message that is for this node, until cancelled."""
        self._village.hearing[self._node] = hear
        try:
            task_status.started()
            await anyio.sleep_forever()
        finally:
            del self._village.hearing[self._node]
