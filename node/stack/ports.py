"""The addresses of a private line's parts on the loopback interface."""

import socket
from dataclasses import dataclass
from random import SystemRandom

HOST = "127.0.0.1"
_RTP_SPAN = 400  # two hundred calls


@dataclass(frozen=True, slots=True)
class Ports:
    """One port a service; `rtp_first` to `rtp_last` carry the sound."""

    sip: int
    ari: int
    listen: int
    api: int
    sandbox: int
    rtp_first: int
    rtp_last: int


def free_ports(sip: int = 0, rtp_span: int = _RTP_SPAN) -> Ports:
    """Ports that nobody uses now; `sip` is taken when it is free, 0 for any."""
    held = [_hold(socket.SOCK_STREAM) for _ in range(4)]
    ari, listen, api, sandbox = (one.getsockname()[1] for one in held)
    for one in held:
        one.close()
    rtp = _free_range(rtp_span)
    return Ports(_free_sip(sip), ari, listen, api, sandbox, rtp, rtp + rtp_span - 1)


def _hold(kind: socket.SocketKind, port: int = 0) -> socket.socket:
    held = socket.socket(socket.AF_INET, kind)
    try:
        held.bind((HOST, port))
    except OSError:
        held.close()
        raise
    return held


def _free_sip(wanted: int) -> int:
    try:
        with _hold(socket.SOCK_DGRAM, wanted) as udp:
            return int(udp.getsockname()[1])
    except OSError:
        return _free_sip(0)


def _free_range(span: int) -> int:
    # Below the range from which the kernel gives ports to others (ip_local_port_range begins at 32768).
    # Others who look just now see the same ports free: begin at any of the ranges.
    ranges = list(range(12_000, 32_000, span))
    SystemRandom().shuffle(ranges)
    for first in ranges:
        if all(_is_free(port) for port in range(first, first + span, 20)):
            return first
    raise OSError("no free range of UDP ports for the sound of calls")


def _is_free(port: int) -> bool:
    try:
        _hold(socket.SOCK_DGRAM, port).close()
    except OSError:
        return False
    return True
