"""A private Asterisk for tests, configured by the handmade folders beside this file."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio

from rehearsal.script import Rhythm
from rehearsal.tones import tones

HERE = Path(__file__).parent
_PORTS_VARIABLE = "TELLERLINE_LAB_PORTS"


def _free_ports() -> tuple[int, int, int]:
    """Three ports that nobody uses; processes that we start are told the same ones."""
    if _PORTS_VARIABLE not in os.environ:
        sockets = [socket.socket() for _ in range(3)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        os.environ[_PORTS_VARIABLE] = ",".join(str(one.getsockname()[1]) for one in sockets)
        for one in sockets:
            one.close()
    first, second, third = map(int, os.environ[_PORTS_VARIABLE].split(","))
    return first, second, third


SIP_PORT, HTTP_PORT, LISTENER_PORT = _free_ports()
RTP_FIRST, RTP_LAST = 19210, 19299
PASSWORD = "lab-only"

_PORTS = {
    "@SIP_PORT@": SIP_PORT,
    "@HTTP_PORT@": HTTP_PORT,
    "@LISTENER_PORT@": LISTENER_PORT,
    "@RTP_FIRST@": RTP_FIRST,
    "@RTP_LAST@": RTP_LAST,
}


class Lab:
    """One Asterisk below a short temporary folder; `outbound` makes it connect to us by itself."""

    def __init__(self, *, outbound: bool, home: str = "") -> None:
        self._root = Path(os.environ.get("TELLERLINE_LOCAL", ".local")).absolute() / "parts"
        if not self._root.is_dir():
            raise FileNotFoundError(f"no Asterisk below {self._root}: `make parts` brings it")
        self.home = Path(home or tempfile.mkdtemp(prefix="tl-"))
        self.recordings = self.home / "spool/recording"
        self._outbound = outbound
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._write()
        await self.start()
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self.home)

    async def start(self) -> None:
        """Start it, and wait until it is fully booted."""
        (self.home / "run/asterisk.ctl").unlink(missing_ok=True)
        with (self.home / "log/printed").open("ab") as printed:
            self._process = subprocess.Popen(
                [*self._program(), "-f"], stdin=subprocess.DEVNULL, stdout=printed
            )
        with anyio.fail_after(20):
            while "fully booted" not in await self.console("core waitfullybooted"):  # noqa: ASYNC110
                await anyio.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def console(self, command: str) -> str:
        """What the console answers."""
        done = await anyio.run_process(
            [*self._program(), "-rx", command], check=False, stderr=subprocess.DEVNULL
        )
        return done.stdout.decode()

    async def log_keys(self, on: bool) -> None:
        """Have every key written to a log of its own, as an admin might at run time."""
        await self.console(f"logger {'add' if on else 'remove'} channel keys{' dtmf' if on else ''}")

    def sound(self, name: str) -> Path:
        """One of the sounds that come with Asterisk, without its ending."""
        return self._root / "usr/share/asterisk/sounds/en_US_f_Allison" / name

    def tone_file(self, key: str) -> Path:
        """A sound file with half a second of that key's tones, without its ending."""
        path = self.home / f"tone-{ord(key)}"
        path.with_suffix(".sln").write_bytes(tones(key, Rhythm(held_s=0.5, every_s=0.5)).pcm)
        return path

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def _program(self) -> list[str]:
        libraries = self._root / "usr/lib/x86_64-linux-gnu"
        loader = libraries / "ld-linux-x86-64.so.2"
        asterisk = self._root / "usr/sbin/asterisk"
        return [
            str(loader),
            "--library-path",
            str(libraries),
            str(asterisk),
            "-C",
            str(self.home / "etc/asterisk.conf"),
        ]

    def _write(self) -> None:
        etc = self.home / "etc"
        etc.mkdir()
        folders = [HERE / "etc", *([HERE / "etc-outbound"] if self._outbound else [])]
        for file in (file for folder in folders for file in sorted(folder.iterdir())):
            text = file.read_text()
            for mark, port in _PORTS.items():
                text = text.replace(mark, str(port))
            (etc / file.name).write_text(text)
        for name in ("varlib/keys", "db", "run", "spool/recording", "log", "cache"):
            (self.home / name).mkdir(parents=True)
        (etc / "asterisk.conf").write_text(self._directories(etc))

    def _directories(self, etc: Path) -> str:
        data = self._root / "usr/share/asterisk"
        return "\n".join(
            [
                "[directories]",
                f"astetcdir => {etc}",
                f"astmoddir => {self._root / 'usr/lib/x86_64-linux-gnu/asterisk/modules'}",
                f"astdatadir => {data}",
                f"astagidir => {data / 'agi-bin'}",
                f"astvarlibdir => {self.home / 'varlib'}",
                f"astkeydir => {self.home / 'varlib'}",
                *(f"ast{name}dir => {self.home / name}" for name in ("db", "run", "spool", "log", "cache")),
                "[options]",
                "verbose = 3",
                "nocolor = yes",
                "",
            ]
        )
