"""A private Asterisk: one process, run from one folder of configuration, keeping its state in another."""

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import anyio
import structlog

from core.errors import Refused, SwitchLost
from node.parts.asterisk_conf import write_asterisk_conf
from node.parts.claim import Claim
from node.parts.errors import NotStarted
from node.parts.process import Server, end_orphan, last_words, launch
from node.parts.program import Program
from node.parts.sockets import leave, socket_folder

log = structlog.get_logger(__name__)

_SOCKET = "asterisk.ctl"
_CONSOLE_LOG = "console"
_POLL_S = 0.02
_REFUSALS = ("No such", "reload failure", "does not support")


class Asterisk:
    """Runs `program` with the `*.conf` files of `etc` and everything that it writes below `state`.

    `asterisk.conf` is written here, into `state`; `etc` is only read. Addresses and ports come from `etc`
    alone, so that several run side by side. Of one `state` only one runs at a time: a second raises
    StillRunning, and one that a dead process of ours left behind is ended by the next start.
    """

    def __init__(
        self, program: Program, etc: Path, state: Path, *, options: Mapping[str, str] | None = None
    ) -> None:
        self._program = program
        self._etc = etc.absolute()
        self._state = state.absolute()
        self._options = options
        self._claim = Claim(self._state)
        self._run = self._state / "run"
        self._conf = self._state / "asterisk.conf"
        self._server: Server | None = None

    @property
    def pid(self) -> int:
        """The number of its process; raises SwitchLost when it does not run."""
        return self._running().pid

    @property
    def logs(self) -> Path:
        """The folder of its logs, as `logger.conf` names them; `console` holds what it printed."""
        return self._state / "log"

    @property
    def spool(self) -> Path:
        """The folder of its recordings (`recording/`) and voicemail."""
        return self._state / "spool"

    async def start(self, timeout_s: float = 30.0) -> None:
        """Start it, and return when it is fully booted.

        Raises NotStarted with its last words when it ends or is not there in time, StillRunning when another
        process of ours runs it, PartMissing when the program lacks its folders.
        """
        self._claim.take()
        try:
            await self._launch()
            with anyio.fail_after(timeout_s):
                await self._booted()
        except TimeoutError:
            words = self._last_words()
            await self.kill()
            raise NotStarted(
                f"Asterisk was not ready after {timeout_s:g} s; it said last:\n{words}"
            ) from None
        except BaseException:
            await self.kill()
            raise
        log.info("asterisk started", pid=self.pid, etc=str(self._etc))

    async def console(self, command: str, timeout_s: float = 10.0) -> str:
        """What the console answers to a command; raises SwitchLost when nobody answers."""
        argv = self._program.argv("-C", str(self._conf), "-rx", command)
        try:
            with anyio.fail_after(timeout_s):
                result = await anyio.run_process(argv, check=False, stderr=subprocess.STDOUT)
        except TimeoutError:
            raise SwitchLost(f"Asterisk did not answer {command!r} in {timeout_s:g} s") from None
        answer = result.stdout.decode(errors="replace")
        if result.returncode != 0:
            raise SwitchLost(f"Asterisk does not answer on {self._run / _SOCKET}: {answer.strip()}")
        return answer

    async def reload(self, module: str = "") -> str:
        """Read the configuration of one module (`res_pjsip.so` ...) or of all again; the console's answer.

        Raises Refused when Asterisk has no such module, or the module says no. An answer is no proof that the
        new configuration holds: mistakes are told in the log only.
        """
        answer = await self.console(f"module reload {module}" if module else "core reload")
        if any(no in answer for no in _REFUSALS):
            raise Refused(f"Asterisk cannot reload {module}: {answer.strip()}")
        return answer

    async def stop(self, *, drain_s: float = 0.0, timeout_s: float = 10.0) -> None:
        """Take no more calls, give those that are up `drain_s` to end, then stop.

        Without effect when it does not run.
        """
        if self._server is not None and self._server.alive:
            if drain_s > 0:
                await self._ask("core stop gracefully")
                with anyio.move_on_after(drain_s):
                    await self._server.ended()
            await self._ask("core stop now")
            await self._server.leave(timeout_s)
            log.info("asterisk stopped", etc=str(self._etc))
        self._let_go()

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL); without effect when it does not run."""
        if self._server is not None:
            await self._server.kill()
        self._let_go()

    async def ended(self) -> int:
        """Wait until it ends, whoever ends it; its exit code, negative when a signal did."""
        if self._server is None:
            raise SwitchLost(f"the Asterisk of {self._state} was not started")
        return await self._server.ended()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with anyio.CancelScope(shield=True):
            await self.stop()

    async def _launch(self) -> None:
        self._run = socket_folder(self._state / "run", _SOCKET)
        self._conf = write_asterisk_conf(self._program, self._etc, self._state, self._run, self._options)
        orphan = await end_orphan(self._run / "asterisk.pid", self._conf, signal.SIGTERM, timeout_s=3)
        if orphan is not None:
            log.warning("asterisk of a dead process ended", pid=orphan)
        (self._run / _SOCKET).unlink(missing_ok=True)
        (self.logs / _CONSOLE_LOG).unlink(missing_ok=True)
        self._server = await launch(self._program.argv("-C", str(self._conf), "-f"), self.logs / _CONSOLE_LOG)

    async def _booted(self) -> None:
        server = self._running()
        while server.alive:
            if (self._run / _SOCKET).exists() and await self._says_booted():
                return
            await anyio.sleep(_POLL_S)
        raise NotStarted(f"Asterisk ended while it started; it said last:\n{self._last_words()}")

    async def _says_booted(self) -> bool:
        try:
            return "fully booted" in await self.console("core waitfullybooted")
        except SwitchLost:
            return False

    async def _ask(self, command: str) -> None:
        try:
            await self.console(command)
        except SwitchLost:
            log.debug("asterisk hung up the console", command=command)

    def _running(self) -> Server:
        if self._server is None or not self._server.alive:
            raise SwitchLost(f"the Asterisk of {self._state} does not run")
        return self._server

    def _let_go(self) -> None:
        self._server = None
        leave(self._run, self._state / "run")
        self._claim.release()

    def _last_words(self) -> str:
        logs = [file for file in self.logs.glob("*") if file.name not in {_CONSOLE_LOG, "queue_log"}]
        return last_words(
            [*sorted(logs, key=lambda file: file.stat().st_mtime)[-2:], self.logs / _CONSOLE_LOG]
        )
