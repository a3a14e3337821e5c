"""Where a checkout keeps what it brings: its `.local` folder."""

import os
from collections.abc import Mapping
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]


def local_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """`TELLERLINE_LOCAL` if it is set, so that checkouts can share parts; else `.local` of the checkout.

    A Tellerline that was installed as a wheel has no checkout; it uses `.local` of the current folder.
    """
    if named := environment.get("TELLERLINE_LOCAL"):
        return Path(named).expanduser().resolve()
    home = _CHECKOUT if (_CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    return home / ".local"


def parts_root(local: Path) -> Path:
    """The folder that the packages are unpacked into, laid out like the root of a machine."""
    return local / "parts"
