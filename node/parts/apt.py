"""Debian's apt-get, working in folders of our own: it sees no package of the machine and installs none."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from node.parts.errors import NotFetched
from node.parts.sources import Archive

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of it is done, from 0 to 1."""

_STATUS = re.compile(r"(?:dl|pm)status:[^:]*:(?P<percent>[\d.]+):")
_NO_NETWORK = (
    "Could not resolve",
    "Temporary failure",
    "Could not connect",
    "Connection failed",
    "timed out",
)
_USE_DOCKER = "use the Docker way instead: docs/howto/docker.md"


class Apt:
    """apt-get over one archive, with lists, cache and status below `folder`.

    The machine's own settings for proxies and credentials still hold.
    """

    def __init__(self, folder: Path, archive: Archive, suite: str) -> None:
        self._folder = folder
        self._suite = suite
        if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
            raise NotFetched(f"this is not Debian: there is no apt-get here; {_USE_DOCKER}")
        self._lay_out(archive)

    def update(self, progress: Progress) -> None:
        """Read the archive's lists."""
        self._run(["update"], f"reading the lists of Debian {self._suite}", progress)

    def download(self, packages: Sequence[str], progress: Progress) -> list[Path]:
        """Bring the packages and all that they need; return the files."""
        archives = self._folder / "cache/archives"
        self._run(["--yes", "--download-only", "install", *packages], "downloading", progress)
        return sorted(archives.glob("*.deb"))

    def _lay_out(self, archive: Archive) -> None:
        for name in ("state/lists/partial", "cache/archives/partial", "sources"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        (self._folder / "sources/debian.sources").write_text(archive.stanza(self._suite))
        (self._folder / "apt.conf").write_text(_settings(self._folder))

    def _run(self, arguments: list[str], doing: str, progress: Progress) -> None:
        status, ours = os.pipe()
        argv = [
            "apt-get",
            f"--config-file={self._folder / 'apt.conf'}",
            f"-oAPT::Status-Fd={ours}",
            *arguments,
        ]
        progress(doing, 0.0)
        with tempfile.TemporaryFile("w+") as words:
            with subprocess.Popen(  # noqa: S603 - our own arguments
                argv,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                pass_fds=[ours],
                env={**os.environ, "LC_ALL": "C"},
            ) as apt:
                os.close(ours)
                with os.fdopen(status) as lines:
                    for line in lines:
                        if match := _STATUS.match(line):
                            progress(doing, float(match["percent"]) / 100)
            words.seek(0)
            if apt.returncode != 0:
                raise NotFetched(explain(words.read()))
        progress(doing, 1.0)


def explain(words: str) -> str:
    """What a failed apt-get means to its reader, followed by apt's own words."""
    said = [
        line for line in words.splitlines() if line.startswith(("E:", "W:", "Err:"))
    ] or words.splitlines()
    last = "\n".join(f"  {line}" for line in said[-5:])
    if any(sign in words for sign in _NO_NETWORK):
        return f"the Debian mirror does not answer: is there a network, or does apt need a proxy?\n{last}"
    if "Unable to locate package" in words or "does not have a Release file" in words:
        return f"this machine's apt sources lead to no archive with these packages; {_USE_DOCKER}\n{last}"
    return f"apt-get failed\n{last}"


def _settings(folder: Path) -> str:
    values = {
        "Dir::State": folder / "state",
        "Dir::State::status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Dir::Cache::archives": "archives/",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": folder / "sources",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
        "APT::Install-Recommends": "false",
        "APT::Keep-Downloaded-Packages": "true",
        "APT::Update::Error-Mode": "any",
        "APT::Sandbox::User": "root",  # no other user may be able to read this folder
        "Debug::NoLocking": "true",
    }
    # hooks of the machine tidy the machine's own cache: they are not for us
    cleared = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success")
    lines = [f'{name} "{value}";' for name, value in values.items()]
    return "\n".join([*lines, *(f"#clear {name};" for name in cleared)]) + "\n"
