"""What in Asterisk would write a caller's keys down at this moment, as far as it can be seen from outside."""

from collections.abc import Sequence
from typing import Final

from pbx.ari.rest import Rejected, Rest

# Asterisk 22.10 writes keys at `dtmf`, at `debug` after `core set debug 1`, and at `verbose` after `rtp set
# debug`, `ari set debug` or `pjsip set logger`. Nothing shows whether those were typed, so no log may take
# these levels. A console takes `verbose` whatever logger.conf says, and ARI tells so.
_NEVER: Final = frozenset({"DTMF"})
_DUMPERS: Final = ("res_pjsip_logger", "res_pjsip_history", "res_hep_pjsip")
_MISSING: Final = (404, 409)


async def overheard(rest: Rest, allowed: frozenset[str]) -> Sequence[str]:
    """For each such thing a sentence that says how to mend it; none when keys are safe.

    `allowed` are the levels that logs may take. Raises SwitchLost.
    """
    channels = await rest.ask("GET", "asterisk", "logging")
    found = [sentence for channel in channels if (sentence := _channel(channel, allowed - _NEVER))]
    return [*found, *[_module(name) for name in _DUMPERS if await _runs(rest, name)]]


def _channel(channel: dict[str, str], allowed: frozenset[str]) -> str:
    levels = sorted(set(channel["configuration"].split()) - allowed)
    if not levels or channel["status"] != "Enabled":
        return ""
    name = channel["channel"] or channel["type"].lower()
    if name == "console" and levels == ["VERBOSE"]:
        return (
            "Asterisk has a console, where `rtp set debug` would show keys: take the line `console` out of "
            "logger.conf, then `logger reload`; a file may take its place"
        )
    return (
        f"Asterisk's log {name} takes {' and '.join(levels)}, which may hold keys: leave that out of "
        f"logger.conf, then `logger reload` (or `logger remove channel {name}`)"
    )


def _module(name: str) -> str:
    return (
        f"Asterisk's module {name} can write down keys that come as SIP INFO: "
        f"take it out of modules.conf, then `module unload {name}.so`"
    )


async def _runs(rest: Rest, name: str) -> bool:
    try:
        module = await rest.ask("GET", "asterisk", "modules", f"{name}.so")
    except Rejected as no:
        if no.status not in _MISSING:
            raise
        return False
    return bool(module["status"] == "Running")
