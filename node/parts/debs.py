"""Bringing the Debian packages: fetched with apt, unpacked into a folder, never installed."""

import shutil
import subprocess
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import structlog

from node.parts.apt import Apt, Progress
from node.parts.claim import Claim
from node.parts.errors import NotFetched
from node.parts.folder import parts_root
from node.parts.sources import Archive, archives

log = structlog.get_logger(__name__)

PACKAGES = (
    "asterisk",
    "asterisk-core-sounds-en-gsm",
    "asterisk-moh-opsound-gsm",
    "baresip-core",
    "espeak-ng",
    "sip-tester",
    "libpicohttpparser1",
)
SUITES = ("sid", "testing")

# What apt brings along for a whole machine, and no program of ours loads (but for res_snmp, without perl).
SKIPPED = (
    "adduser", "base-*", "debconf", "dirmngr", "dpkg", "gnupg*", "gpg*", "libc-gconv-*", "libdebconf*",
    "libpam*", "libperl*", "libpython*", "libsemanage*", "libsepol*", "login*", "passwd", "pci.ids", "perl*",
    "pinentry*", "python3*", "systemd*", "tzdata",
)  # fmt: skip

_STAMP = "tellerline-recipe"


def fetched(local: Path) -> bool:
    """Whether the parts of this very recipe are in `local` already."""
    stamp = parts_root(local) / _STAMP
    return stamp.is_file() and stamp.read_text() == _recipe()


def fetch(
    local: Path, progress: Progress, *, again: bool = False, apt_sources: Path = Path("/etc/apt")
) -> Path:
    """Bring all parts into `local` and return their root; at once when they are there, unless `again`.

    About 105 MB come over the network and 230 MB stay. Nothing outside `local` is written, no right of root
    is needed, and an interrupted run is begun again. Raises NotFetched with what to do, and leaves older
    parts alone.
    """
    if fetched(local) and not again:
        return parts_root(local)
    work = local / "fetch"
    with Claim(work):
        debs = _download(work / "apt", archives(apt_sources), progress)
        fresh = local / "parts.new"
        shutil.rmtree(fresh, ignore_errors=True)
        unpack([deb for deb in debs if not skipped(deb)], fresh, progress)
        _finish(fresh)
        _put_in_place(fresh, parts_root(local))
        shutil.rmtree(work / "apt", ignore_errors=True)
    log.info("parts fetched", packages=len(debs), root=str(parts_root(local)))
    return parts_root(local)


def skipped(deb: Path) -> bool:
    """Whether the package of this file is of no use to us."""
    package = deb.name.partition("_")[0]
    return any(fnmatch(package, pattern) for pattern in SKIPPED)


def _download(folder: Path, known: Sequence[Archive], progress: Progress) -> list[Path]:
    if not known:
        raise NotFetched(
            "this machine's apt names no Debian archive in /etc/apt; "
            "use the Docker way instead: docs/howto/docker.md"
        )
    failure = NotFetched("no suite was tried")
    for archive in known:
        for suite in SUITES:
            try:
                apt = Apt(folder, archive, suite)
                apt.update(progress)
                return apt.download(PACKAGES, progress)
            except NotFetched as problem:
                failure = problem
                log.debug("suite did not serve", suite=suite, problem=str(problem))
    raise failure


def unpack(debs: Sequence[Path], into: Path, progress: Progress) -> None:
    """Unpack packages into a folder; nothing of them is run. Raises NotFetched."""
    for done, deb in enumerate(debs):
        progress("unpacking", done / len(debs))
        result = subprocess.run(  # noqa: S603 - our own arguments
            ["dpkg", "-x", str(deb), str(into)],  # noqa: S607 - Debian's own tool
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            deb.unlink()  # so that the next run downloads it again
            raise NotFetched(f"cannot unpack {deb.name}: {result.stderr.strip()}")
    progress("unpacking", 1.0)


def _finish(root: Path) -> None:
    # what the packages' own install scripts would have done
    (root / "usr/share/asterisk/sounds/en").symlink_to("en_US_f_Allison")
    (root / _STAMP).write_text(_recipe())


def _put_in_place(fresh: Path, root: Path) -> None:
    old = root.with_name("parts.old")
    shutil.rmtree(old, ignore_errors=True)
    if root.exists():
        root.rename(old)
    fresh.rename(root)
    shutil.rmtree(old, ignore_errors=True)


def _recipe() -> str:
    return "\n".join([*PACKAGES, *(f"not {pattern}" for pattern in SKIPPED)]) + "\n"
