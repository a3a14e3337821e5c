"""What a running Asterisk must be told so that it takes over changed files, and how one sees that it did."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

_COMMANDS: dict[str, tuple[str, ...]] = {
    "acl.conf": ("module reload acl",),
    "ari.conf": ("module reload res_ari.so",),
    "ccss.conf": ("module reload ccss",),
    "cdr.conf": ("module reload cdr",),
    "cel.conf": ("module reload cel",),
    "features.conf": ("module reload features",),
    "http.conf": ("module reload http",),
    "indications.conf": ("module reload indications",),
    "logger.conf": ("logger reload",),
    "manager.conf": ("module reload manager",),
    "musiconhold.conf": ("module reload res_musiconhold.so",),
    "pjsip.conf": (
        "module reload res_pjsip.so",
        "module reload res_pjsip_endpoint_identifier_ip.so",
        "module reload res_pjsip_outbound_registration.so",
    ),
    "queues.conf": ("module reload app_queue.so",),
    "rtp.conf": ("module reload res_rtp_asterisk.so",),
    "udptl.conf": ("module reload udptl",),
    "websocket_client.conf": ("module reload res_websocket_client.so",),
}
_ONLY_AT_START = frozenset({"stasis.conf", "pjproject.conf", "chan_websocket.conf"})
_DIALPLAN = "dialplan reload"
_TRANSPORT = re.compile(r"\[transport-\w+\]\n(?:.+\n)*")
_LOAD = re.compile(r"load => (\S+)")
_FINGERPRINT = re.compile(r"TELLERLINE_RENDERED\s*=\s*(?P<mark>\w+)")
_ENDPOINT = re.compile(r"^\[(?P<name>[^\]]+)\]\ntype = endpoint$", re.MULTILINE)
_SHOWN_ENDPOINT = re.compile(r"^ Endpoint:\s+(?P<name>[^\s/<]+)", re.MULTILINE)


class Console(Protocol):
    """The console of the running Asterisk. Raises SwitchLost when nobody answers."""

    async def console(self, command: str) -> str:
        """What it answers to a command."""
        ...


@dataclass(frozen=True, slots=True)
class Reload:
    """The commands for a change, in their order, and what only a restart of Asterisk will bring."""

    commands: tuple[str, ...]
    at_restart: tuple[str, ...]


def reload_for(old: Mapping[str, str], new: Mapping[str, str]) -> Reload:
    """What the change from `old` to `new` needs; nothing when they are the same."""
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    modules, unloaded = _modules(old.get("modules.conf", ""), new.get("modules.conf", ""))
    commands = [f"module load {module}" for module in modules]
    commands += [command for name in changed for command in _COMMANDS.get(name, ())]
    if changed:
        commands.append(_DIALPLAN)  # always, and last: it carries the mark by which the files are known
    late = [name for name in changed if name in _ONLY_AT_START]
    if _transports(old) != _transports(new):
        late.append("the addresses and ports of SIP")
    late += [f"{module} is no longer needed" for module in unloaded]
    return Reload(tuple(commands), tuple(late))


async def missing(console: Console, files: Mapping[str, str]) -> list[str]:
    """What the running Asterisk lacks of the files, in words; empty when it has taken them over."""
    lacks: list[str] = []
    if (mark := _mark(files.get("extensions.conf", ""))) not in await console.console(
        "dialplan show globals"
    ):
        lacks.append(f"its dialplan is not that of rendering {mark}")
    wanted = set(_ENDPOINT.findall(files.get("pjsip.conf", "")))
    shown = set(_SHOWN_ENDPOINT.findall(await console.console("pjsip show endpoints")))
    lacks += [f"it does not know the phone or trunk {name}" for name in sorted(wanted - shown)]
    lacks += [f"it still knows the phone or trunk {name}" for name in sorted(shown - wanted)]
    return lacks


def _mark(extensions: str) -> str:
    found = _FINGERPRINT.search(extensions)
    return found["mark"] if found else "unknown"


def _modules(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = _LOAD.findall(old), _LOAD.findall(new)
    return [module for module in after if module not in before], [m for m in before if m not in after]


def _transports(files: Mapping[str, str]) -> list[str]:
    return _TRANSPORT.findall(files.get("pjsip.conf", ""))
