"""Ports for telephones on this machine: each gets a block of its own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.errors import OutOfReach

HOST = "127.0.0.1"

_BLOCK = 12


class NoPorts(OutOfReach):
    """All ports of the range are in use."""


@dataclass(frozen=True, slots=True)
class Ports:
    """A block of ports from `first` on."""

    first: int

    @property
    def sip(self) -> int:
        """SIP over UDP and TCP; the client takes the next one for TLS."""
        return self.first

    @property
    def control(self) -> int:
        """The client's remote control."""
        return self.first + 2

    @property
    def console(self) -> int:
        """The client's keyboard."""
        return self.first + 3

    @property
    def relay(self) -> int:
        """For a relay between the client and the line."""
        return self.first + 4

    @property
    def rtp(self) -> tuple[int, int]:
        """The first and the last port for sound."""
        return self.first + 6, self.first + _BLOCK - 1


class PortRange:
    """Gives out blocks of free ports from `low` to `high`, each to one telephone at a time."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high
        self._given: set[int] = set()

    @contextmanager
    def block(self) -> Iterator[Ports]:
        """A block for as long as the `with` lasts; NoPorts when none is free."""
        first = self._free()
        self._given.add(first)
        try:
            yield Ports(first)
        finally:
            self._given.remove(first)

    def _free(self) -> int:
        for first in range(self._low, self._high - _BLOCK + 2, _BLOCK):
            if first not in self._given and all(_is_free(port) for port in range(first, first + _BLOCK)):
                return first
        raise NoPorts(
            f"no {_BLOCK} ports in a row are free from {self._low} to {self._high}: give another range"
        )


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                return False
    return True
