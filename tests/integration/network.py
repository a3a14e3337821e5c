"""A network of a test's own: loopback, and an address beside it that browsers take for their sound.

With loopback alone ICE finds no candidates (RFC 8445, 5.1.1.1). The address is of TEST-NET-1 (RFC 5737) and
ends with the network; nothing leaves the machine.
"""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

_CLONE_NEWNET: Final = 0x40000000
_OWN: Final = Path("/proc/thread-self/ns/net")
_ADDRESS: Final = "192.0.2.1/24"
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


@contextmanager
def private_network() -> Iterator[None]:
    """This thread, and all that it starts, is in a network of its own for as long as the `with` lasts."""
    if os.geteuid() != 0:
        pytest.skip(
            "a network of its own can be made by root alone: run the tests of telephones in browsers as root"
        )
    before = os.open(_OWN, os.O_RDONLY)
    try:
        _call("unshare", _CLONE_NEWNET)
        try:
            _ip("link set lo up")
            _ip("link add sound type veth peer name other")
            _ip(f"addr add {_ADDRESS} dev sound")
            _ip("link set sound up")
            _ip("link set other up")
            yield
        finally:
            _call("setns", before, _CLONE_NEWNET)
    finally:
        os.close(before)


def _call(name: str, *arguments: int) -> None:
    if getattr(_LIBC, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)
