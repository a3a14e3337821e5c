"""The ports that this process will listen on, and whether something else sits there."""

import errno
import socket

from node.doctor.finding import Finding, broken, fine
from node.settings import Settings


def look(settings: Settings) -> list[Finding]:
    """The API's port, and the one that Asterisk connects to."""
    return [
        _port("api.port", settings.api.host, settings.api.port),
        _port("switch.listen_port", settings.switch.listen_host, settings.switch.listen_port),
    ]


def _port(name: str, host: str, port: int) -> Finding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return broken(
                    name, f"{host}:{port} is taken", f"stop what listens there, or set {name} to another"
                )
            return broken(
                name,
                f"{host}:{port}: {error.strerror}",
                f"set {name.replace('port', 'host')} to an own address",
            )
    return fine(name, f"{host}:{port} is free")
