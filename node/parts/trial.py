"""Trying a folder of Asterisk configuration with the real parser, away from the calls."""

import ipaddress
import random
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from node.parts.asterisk import Asterisk
from node.parts.errors import NotStarted
from node.parts.program import Program

_LOG = "trial"
_ENTRY = re.compile(
    r"\[[^\]]+\] (?P<severity>WARNING|ERROR)\[\d+\](?:\[[^\]]*\])? (?P<source>\S+\.c): (?P<message>.*)"
)
_LISTEN = re.compile(
    r"(?P<key>\s*(?:bind|bindaddr|tlsbindaddr|tcpbindaddr|udpbindaddr)\s*=>?\s*)(?P<value>[^\s;]+)"
)
_PERSISTENT = re.compile(r"(?P<key>\s*connection_type\s*=>?\s*)persistent\b")
_REGISTRAR = re.compile(
    r"(?P<key>\s*(?:server_uri|outbound_proxy)\s*=>?\s*sips?:(?:[^@\s;]*@)?)(?:[\w.-]+|\[[^\]]+\])"
)
_NOWHERE = "192.0.2.1"  # of a network that does not exist (RFC 5737)
_PLACE = re.compile(r"line (?P<line>\d+)(?: of| in|:)?(?: file)? '?(?P<file>[\w./-]+\.(?:conf|ael|lua))")
_FILE = re.compile(r"'?(?P<file>[\w./-]+\.(?:conf|ael|lua))'?")
_AFTERMATH = re.compile(
    r"declined to load|Declined modules|non-required modules|may be removed|is deprecated"
)
_LINE = re.compile(r"\bline (?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class ParserComplaint:
    """One warning or error that Asterisk logged about a configuration.

    `file` is relative to the folder that was tried, or empty when Asterisk did not name one; `line` is 0
    then, and wherever Asterisk told no line. `source` is the part of Asterisk that complained, such as
    `pbx_config.c`.
    """

    severity: str
    source: str
    file: str
    line: int
    message: str


async def trial(etc: Path, program: Program, timeout_s: float = 20.0) -> list[ParserComplaint]:
    """Boot a throw-away Asterisk on a copy of `etc`, and return what it complained about, in its order.

    It answers nobody and registers nowhere: in the copy every listening address becomes one of the machine's
    own 127.0.0.0/8 that nothing else uses, registrars become an address that does not exist, and WebSockets
    that Asterisk would open by itself wait for a call. Line numbers are those of `etc`. A configuration that
    does not let Asterisk boot at all is told as a complaint too. Absent optional files are no complaint.
    """
    with tempfile.TemporaryDirectory(prefix="tellerline-") as folder:
        copy = Path(folder) / "etc"
        _copy(etc, copy)
        asterisk = Asterisk(program, copy, Path(folder) / "state")
        refused: list[ParserComplaint] = []
        try:
            await asterisk.start(timeout_s)
        except NotStarted as problem:
            refused = [ParserComplaint("ERROR", "", "", 0, str(problem).replace(str(copy), str(etc)))]
        finally:
            await asterisk.kill()
        log = asterisk.logs / _LOG
        text = log.read_text(errors="replace") if log.exists() else ""
        return [*complaints(text, copy), *refused]


def complaints(text: str, etc: Path) -> list[ParserComplaint]:
    """The complaints of a log that was written while `etc` was read."""
    entries: list[tuple[str, str, str]] = []
    for line in text.splitlines():
        if match := _ENTRY.fullmatch(line):
            entries.append((match["severity"], match["source"], match["message"]))
        elif entries and not line.startswith("["):
            severity, source, message = entries.pop()  # a message of many lines goes on
            entries.append((severity, source, f"{message}\n{line}"))
    told = [_complaint(*entry, etc) for entry in entries if not _of_no_concern(*entry[1:], etc)]
    return list(dict.fromkeys(_with_files(told)))


def _with_files(told: Sequence[ParserComplaint]) -> Iterator[ParserComplaint]:
    # about an option Asterisk tells the line and leaves the file to the complaint about the whole object
    for complaint, following in zip_longest(told, told[1:]):
        if complaint.line and not complaint.file and following and following.source == "res_sorcery_config.c":
            yield replace(complaint, file=following.file, message=f"{complaint.message}{following.file}")
        else:
            yield complaint


def _complaint(severity: str, source: str, message: str, etc: Path) -> ParserComplaint:
    place = _PLACE.search(message)
    file = place or _FILE.search(message)
    line = place or _LINE.search(message)
    name = file["file"].removeprefix(f"{etc}/") if file else ""
    return ParserComplaint(
        severity, source, name, int(line["line"]) if line else 0, message.replace(f"{etc}/", "")
    )


def _of_no_concern(source: str, message: str, etc: Path) -> bool:
    if source == "loader.c" and _AFTERMATH.search(message):
        return True  # the module itself told what it lacks
    named = _FILE.search(message)
    return named is not None and not (etc / named["file"]).exists() and "#include" not in message


def _copy(etc: Path, copy: Path) -> None:
    shutil.copytree(etc, copy)
    address = f"127.{random.randint(64, 127)}.{random.randint(0, 255)}.{random.randint(1, 254)}"  # noqa: S311
    for file in copy.rglob("*.conf"):
        file.write_text(harmless(file.read_text(), address))
    (copy / "logger.conf").write_text(f"[logfiles]\n{_LOG} => warning,error\n")


def harmless(text: str, address: str) -> str:
    """The same configuration, listening on `address` only and opening no connection by itself."""
    return "".join(f"{_tamed(line, address)}\n" for line in text.splitlines())


def _tamed(line: str, address: str) -> str:
    if match := _PERSISTENT.match(line):
        return f"{match['key']}per_call_config{line[match.end() :]}"
    if match := _REGISTRAR.match(line):
        return f"{match['key']}{_NOWHERE}{line[match.end() :]}"
    return _moved(line, address)


def _moved(line: str, address: str) -> str:
    match = _LISTEN.match(line)
    if match is None:
        return line
    host, colon, port = _split(match["value"])
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return line  # a mistake that Asterisk shall find
    return f"{match['key']}{address}{colon}{port}{line[match.end() :]}"


def _split(value: str) -> tuple[str, str, str]:
    if value.startswith("["):
        host, _, rest = value[1:].partition("]")
        return host, rest[:1], rest[1:]
    if value.count(":") > 1:
        return value, "", ""
    return value.partition(":")
