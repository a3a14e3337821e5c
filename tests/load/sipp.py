"""Placing calls with SIPp, which signals and leaves the sound to `tests.load.caller`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from node.parts.folder import local_folder
from node.parts.process import Server, launch
from node.parts.program import Part, find
from node.stack.ports import HOST

_HERE = Path(__file__).parent
_INVITE = re.compile(r"^(?P<port>\d+) .*?(?P<at>\d{9,}\.\d+)\s*$")
STAYS = _HERE / "call.xml"
LISTENS = _HERE / "listen.xml"


@dataclass(frozen=True, slots=True)
class Load:
    """So many calls to `number`, so many new ones a second; the sound of call N goes to the Nth port."""

    scenario: Path
    number: str
    ports: Sequence[int]
    rate_cps: float
    limit_s: float


class Sipp:
    """One run of SIPp against `target` (HOST:PORT), with its files in `folder`."""

    def __init__(self, folder: Path, target: str) -> None:
        self._folder, self._target = folder, target
        self._invites = folder / "invites.log"
        self._server: Server | None = None

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._server is not None
        return self._server.pid

    async def start(self, load: Load) -> None:
        """Begin to call."""
        self._folder.mkdir(parents=True, exist_ok=True)
        calls = self._folder / "calls.csv"
        calls.write_text("SEQUENTIAL\n" + "".join(f"{load.number};{port};\n" for port in load.ports))
        self._invites.unlink(missing_ok=True)
        argv = find(Part.SIPP, local_folder()).argv(
            self._target,
            *("-i", HOST, "-sf", str(load.scenario), "-inf", str(calls)),
            *("-m", str(len(load.ports)), "-l", str(len(load.ports))),
            *rate(load.rate_cps),
            *("-nostdin", "-nd", "-timeout", f"{load.limit_s:.0f}s", "-timeout_error"),
            *("-trace_logs", "-log_file", str(self._invites)),
            *("-trace_err", "-error_file", str(self._folder / "errors.log")),
        )
        self._server = await launch(argv, self._folder / "sipp.log", {"TERM": "dumb"})

    async def ended(self) -> int:
        """Wait until all calls are over; 0 when each went by the scenario."""
        assert self._server is not None
        return await self._server.ended()

    async def kill(self) -> None:
        """End it."""
        if self._server is not None:
            await self._server.kill()

    def invited(self) -> dict[int, float]:
        """When each call was placed, in seconds of the machine's clock, by the port of its sound."""
        found = (_INVITE.match(line) for line in self._invites.read_text().splitlines())
        return {int(match["port"]): float(match["at"]) for match in found if match}


def rate(cps: float) -> tuple[str, ...]:
    """SIPp counts whole calls in a period of milliseconds."""
    calls, period_s = (round(cps * 10), 10.0) if cps > 1 else (1, 1 / cps)
    return ("-r", str(calls), "-rp", f"{1000 * period_s:.0f}")
