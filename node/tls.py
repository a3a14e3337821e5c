"""The API's certificate, read again on SIGHUP and when its file changed: no connection is dropped for it."""

import signal
import ssl
from pathlib import Path
from typing import Final

import anyio
import structlog

from core.certificate import server_context
from core.errors import BadInput

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_LOOK_S: Final = 10.0


class Tls:
    """A server's context that follows its files; `run` belongs to the node's task group."""

    def __init__(self, chain: Path, key: Path) -> None:
        """Raises BadInput for files that are no certificate and its key."""
        self._chain, self._key = chain, key
        self._read_at = self._changed_at()
        try:
            self.context = server_context(chain, key)
        except (OSError, ssl.SSLError) as error:
            raise BadInput(f"the API has no certificate in {chain} with its key in {key}: {error}") from error

    async def run(self) -> None:
        """Follow the files until cancelled; a certificate that is wrong leaves the one before in use."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._on_signal)
            while True:
                await anyio.sleep(_LOOK_S)
                if self._changed_at() != self._read_at:
                    self.read_again()

    def read_again(self) -> None:
        """Serve the certificate that lies there now from the next connection on."""
        self._read_at = self._changed_at()
        try:
            server_context(self._chain, self._key)  # a pair that does not fit must not reach the one in use
            self.context.load_cert_chain(self._chain, self._key)
        except (OSError, ssl.SSLError) as error:
            log.error(
                "the new certificate is wrong, the one before stays", file=str(self._chain), why=str(error)
            )
        else:
            log.info("the certificate was read again", file=str(self._chain))

    async def _on_signal(self) -> None:
        with anyio.open_signal_receiver(signal.SIGHUP) as signals:
            async for _ in signals:
                self.read_again()

    def _changed_at(self) -> tuple[int, ...]:
        return tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in (self._chain, self._key))
