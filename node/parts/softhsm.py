"""SoftHSM, a PKCS#11 module without hardware: the machine's own, or one unpacked.

It is loaded into our process, so it must fit this machine's C library, unlike what node.parts.debs brings.
"""

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Final

from node.parts.apt import Apt, Progress
from node.parts.claim import Claim
from node.parts.debs import unpack
from node.parts.errors import NotFetched
from node.parts.sources import archives

_PACKAGES: Final = ("libsofthsm2", "softhsm2")
_UTIL: Final = "usr/bin/softhsm2-util"
_PLACES: Final = ("usr/lib/softhsm/libsofthsm2.so", "usr/lib/*/softhsm/libsofthsm2.so")


def softhsm(local: Path, progress: Progress, apt_sources: Path = Path("/etc/apt")) -> Path:
    """The module's file; it is brought into `local` where the machine has none. Raises NotFetched."""
    if found := _in(Path("/")) or _in(local / "softhsm"):
        return found
    with Claim(local / "fetch-softhsm"):
        _fetch(local, progress, apt_sources)
    found = _in(local / "softhsm")
    if found is None:
        raise NotFetched(f"{_PACKAGES[0]} holds no module at {' or '.join(_PLACES)}")
    return found


def new_token(module: Path, folder: Path, label: str, pin: str) -> None:
    """Make an empty token below `folder`; SOFTHSM2_CONF of this process leads there from now on.

    A process that loaded the module before with another configuration goes on with that one.
    """
    (folder / "tokens").mkdir(parents=True, exist_ok=True)
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(conf)
    util = next(root / _UTIL for root in (Path("/"), *module.parents) if (root / _UTIL).exists())
    subprocess.run(  # noqa: S603 - our own arguments
        [util, "--module", module, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", pin],
        check=True,
        capture_output=True,
    )


def _fetch(local: Path, progress: Progress, apt_sources: Path) -> None:
    known, suite = archives(apt_sources), platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    if not known or not suite:
        raise NotFetched("this is no Debian with an archive in /etc/apt: install SoftHSM 2 yourself")
    apt = Apt(local / "fetch-softhsm" / "apt", known[0], suite)
    apt.update(progress)
    debs = [deb for deb in apt.download(_PACKAGES, progress) if deb.name.partition("_")[0] in _PACKAGES]
    fresh = local / "softhsm.new"
    shutil.rmtree(fresh, ignore_errors=True)
    unpack(debs, fresh, progress)
    fresh.rename(local / "softhsm")
    shutil.rmtree(local / "fetch-softhsm" / "apt", ignore_errors=True)


def _in(root: Path) -> Path | None:
    return next((found for place in _PLACES for found in sorted(root.glob(place))), None)
