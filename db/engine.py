"""The way to the database: a bounded pool of connections, and units of work on them."""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import psycopg
import structlog
from psycopg import errors as pg
from sqlalchemy import event, exc, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from core.errors import StoreLost

log = structlog.get_logger(__name__)

# The server never logs what our statements carry. Both settings ask for a right that a plain role may lack:
# then the connection is used all the same, and a warning says what the database's administrator can do.
_QUIET = """
DO $$ BEGIN
    PERFORM set_config('log_parameter_max_length', '0', false);
    PERFORM set_config('log_error_verbosity', 'terse', false);
EXCEPTION WHEN insufficient_privilege THEN NULL;
END $$
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections at most, and how long to wait for what, in seconds."""

    connections: int = 24
    connect_s: float = 5.0
    pool_s: float = 5.0
    statement_s: float = 10.0
    work_s: float = 30.0


class Work:
    """Units of work on one PostgreSQL database, given by its `postgresql://` URL.

    Connections that the server dropped (a restart, a failover) are noticed and replaced before they are used.
    """

    def __init__(self, url: str, limits: Limits | None = None, name: str = "tellerline") -> None:
        self._limits = limits or Limits()
        self._place = place(url)
        self._warned = False
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=self._limits.connections,
            max_overflow=0,
            pool_timeout=self._limits.pool_s,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args=_session(self._limits, name),
        )
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        event.listen(self._engine.sync_engine, "connect", self._quieten)
        event.listen(self._engine.sync_engine, "checkout", _refuse_dropped)

    @asynccontextmanager
    async def begin(self, within_s: float | None = None) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back when an error passes or `within_s` is over.

        Raises StoreLost when the database does not answer in time. Where the connection breaks during the
        commit itself nobody can know whether it was done; ask for what was to be written.
        """
        async with self._on(self._engine, within_s or self._limits.work_s) as tx:
            yield tx

    @asynccontextmanager
    async def single(self, within_s: float | None = None) -> AsyncIterator[AsyncConnection]:
        """The same for statements of which each is a transaction: one way to the server, not three.

        A connection is held as long as its answers take to be heard, and on a busy event loop that is long.
        """
        async with self._on(self._single, within_s or self._limits.work_s) as connection:
            yield connection

    @asynccontextmanager
    async def _on(self, engine: AsyncEngine, within_s: float) -> AsyncIterator[AsyncConnection]:
        try:
            with anyio.fail_after(within_s):
                async with engine.begin() as tx:
                    yield tx
        except TimeoutError:
            raise self._lost(f"no answer within {within_s:g} s") from None
        except exc.TimeoutError:
            raise self._lost(f"all {self._limits.connections} connections are in use") from None
        except exc.DBAPIError as error:
            if is_lost(error):
                raise self._lost(_first_line(error)) from error
            raise

    async def close(self) -> None:
        """Give all connections back; the next unit of work opens new ones."""
        await self._engine.dispose()

    def _lost(self, why: str) -> StoreLost:
        return StoreLost(
            f"the database {self._place} does not answer ({why}): see that PostgreSQL runs there"
        )

    def _quieten(self, connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(_QUIET)
        cursor.execute("SELECT current_setting('log_parameter_max_length')")
        row = cursor.fetchone()
        cursor.close()
        connection.commit()
        if row != ("0",) and not self._warned:
            self._warned = True
            log.warning(
                "the database may log values; as its administrator run: "
                "ALTER ROLE this_role SET log_parameter_max_length = 0",
                database=self._place,
            )


def is_lost(error: exc.DBAPIError) -> bool:
    """Whether the error means that the database could not be asked, or did not finish in time.

    psycopg's OperationalError is exactly this: SQLSTATE classes 08, 53, 55, 57 and 58, and 40 (a transaction
    that the server gave up), https://www.postgresql.org/docs/current/errcodes-appendix.html.
    """
    return error.connection_invalidated or isinstance(error.orig, pg.OperationalError | pg.InterfaceError)


def driver_url(url: str) -> str:
    """The URL as SQLAlchemy wants it: with its driver, psycopg 3."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The URL as libpq wants it, for connections of our own (listening, jobs)."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def place(url: str) -> str:
    """Where the database is, without user and password: fit for a log."""
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host") or "localhost"
    return f"{parsed.database or ''} at {host}"


def _refuse_dropped(
    _connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """A server that speaks unasked says good-bye: told without asking it, which would be a round trip."""
    driver = entry.driver_connection
    if not isinstance(driver, psycopg.AsyncConnection) or driver.closed or _has_spoken(driver.fileno()):
        raise exc.InvalidatePoolError


def _has_spoken(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))


def _session(limits: Limits, name: str) -> dict[str, str | int]:
    statement_ms = round(limits.statement_s * 1000)
    work_ms = round(limits.work_s * 1000)
    return {
        "application_name": name,
        "connect_timeout": max(2, round(limits.connect_s)),  # libpq counts whole seconds, two at least
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": (
            f"-c timezone=UTC -c statement_timeout={statement_ms} -c lock_timeout={statement_ms} "
            f"-c idle_in_transaction_session_timeout={work_ms}"
        ),
    }


def _first_line(error: exc.DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
