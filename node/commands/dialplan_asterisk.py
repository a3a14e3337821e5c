"""The real Asterisk behind `tellerline dialplan`: one that tries configurations, one that runs."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import anyio

from core.errors import SwitchLost
from dialplan.check import Complaint, Trial
from node.parts.asterisk import Asterisk
from node.parts.program import Program
from node.parts.trial import harmless, trial

_APPLICATION = re.compile(r"^\s+(?P<name>\w+): ", re.MULTILINE)
_NOBODYS_ADDRESS = "127.126.125.124"
_CONSOLE_S = 15.0


class ThrowAway:
    """Tries configurations with `program`, each in a process that lives for the trial only."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def __call__(self, etc: Path) -> Trial:
        """What Asterisk said of the folder; its applications, where pieces of the admin's own are in it."""
        complaints: Sequence[Complaint] = await trial(etc, self._program)
        if complaints or not (etc / "fragments").is_dir():
            return Trial(complaints, None)
        return Trial((), await self._applications(etc))

    async def _applications(self, etc: Path) -> frozenset[str]:
        with tempfile.TemporaryDirectory(prefix="tellerline-") as folder:
            copy = Path(folder) / "etc"
            _copy_without_fragments(etc, copy)
            asterisk = Asterisk(self._program, copy, Path(folder) / "state")
            try:
                await asterisk.start()
                listed = await asterisk.console("core show applications")
            finally:
                await asterisk.kill()
        return frozenset(match["name"] for match in _APPLICATION.finditer(listed))


def _copy_without_fragments(etc: Path, copy: Path) -> None:
    copy.mkdir()
    for file in etc.glob("*.conf"):
        lines = file.read_text(encoding="utf-8").splitlines()
        bare = "\n".join(line for line in lines if not line.startswith("#include"))
        (copy / file.name).write_text(harmless(bare, _NOBODYS_ADDRESS), encoding="utf-8")


class Remote:
    """The console of the Asterisk that was started with `conf` (its asterisk.conf)."""

    def __init__(self, program: Program, conf: Path) -> None:
        self._program = program
        self._conf = conf

    async def console(self, command: str) -> str:
        """What it answers; raises SwitchLost when nobody does."""
        argv = self._program.argv("-C", str(self._conf), "-rx", command)
        try:
            with anyio.fail_after(_CONSOLE_S):
                result = await anyio.run_process(argv, check=False, stderr=subprocess.STDOUT)
        except TimeoutError:
            raise SwitchLost(f"Asterisk did not answer `{command}` in {_CONSOLE_S:g} s") from None
        answer = result.stdout.decode(errors="replace")
        if result.returncode != 0:
            raise SwitchLost(f"no Asterisk answers that was started with {self._conf}: {answer.strip()}")
        return answer
