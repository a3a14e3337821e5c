"""Who calls, whom, and how: written down as baresip's `config` and `accounts`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from core.errors import BadInput
from rehearsal.ports import HOST, Ports
from rehearsal.script import Dtmf

HEARD = "heard.wav"
SILENCE = "silence.wav"

_MODULES = ("g711", "aufile", "srtp", "cons")
_APPLICATIONS = ("account", "menu", "ctrl_tcp")


@dataclass(frozen=True, slots=True)
class Installed:
    """A baresip: the command that starts it, and the lines of `config` that say where its modules are."""

    argv: tuple[str, ...]
    places: str


@dataclass(frozen=True, slots=True)
class Line:
    """Where the line is reached by SIP, and how a caller shows who they are (an empty `user`: not at all).

    `ca` is a file with the authority of the line's certificate; without it a certificate is not checked.
    A telephone that `answers` picks up by itself when it is called.
    """

    host: str
    port: int
    transport: Literal["udp", "tcp", "tls"] = "udp"
    srtp: bool = False
    user: str = ""
    password: str = ""
    register: bool = False
    ca: Path | None = None
    answers: bool = False

    def uri(self, user: str) -> str:
        """The SIP URI of somebody at the line (RFC 3261 19.1), without the transport."""
        return f"sip:{quote(user, safe='+*_.-')}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls; the keys travel by `dtmf`."""

    number: str
    name: str = ""
    dtmf: Dtmf = Dtmf.RFC4733


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls which line, from which ports; `host` is this machine's address towards the line."""

    line: Line
    caller: Caller
    ports: Ports
    host: str = HOST


def accounts(call: Call) -> str:
    """The file `accounts`."""
    line, caller = call.line, call.caller
    if unfit := set('"<>;\n') & set(line.user + line.password + caller.name + caller.number):
        raise BadInput(f"a caller's name, number, user and password cannot hold {' '.join(sorted(unfit))!r}")
    name = f'"{caller.name}" ' if caller.name else ""
    parameters = {
        "regint": "300" if line.register else "0",
        "dtmfmode": "info" if caller.dtmf is Dtmf.INFO else "rtpevent",
        "audio_codecs": "PCMU,PCMA",
        "mediaenc": "srtp-mand" if line.srtp else "",
        "auth_user": line.user,
        "auth_pass": line.password,
        "answermode": "auto" if line.answers else "",
    }
    told = "".join(f";{key}={value}" for key, value in parameters.items() if value)
    return f"{name}<{line.uri(caller.number)};transport={line.transport}>{told}\n"


def config(installed: Installed, call: Call) -> str:
    """The file `config`. Sound goes to and comes from files; nothing rings and nothing is redialed."""
    line, ports = call.line, call.ports
    lines = [
        "poll_method epoll",
        f"sip_listen {call.host}:{ports.sip}",
        f"sip_verify_server {'yes' if line.ca else 'no'}",
        f"net_interface {call.host}",
        f"rtp_ports {ports.rtp[0]}-{ports.rtp[1]}",
        f"ctrl_tcp_listen {HOST}:{ports.control}",
        f"cons_listen {HOST}:{ports.console}",
        f"audio_source aufile,{SILENCE}",
        f"audio_player aufile,{HEARD}",
        "audio_alert aufile,alert.wav",
        "audio_buffer 20-60",
        "jitter_buffer_type off",
        "call_max_calls 1",
        "redial_attempts 0",
        *(f"{sound}_aufile none" for sound in ("ring", "ringback", "busy", "notfound", "error")),
        installed.places.rstrip(),
        *(f"module {name}.so" for name in _MODULES),
        *(f"module_app {name}.so" for name in _APPLICATIONS),
    ]
    if line.ca:
        lines.append(f"sip_cafile {line.ca}")
    return "\n".join(lines) + "\n"
