"""Whether Asterisk's log would hold the keys that callers press (PCI DSS 3.3.1)."""

from collections.abc import Sequence
from typing import Any

from node.doctor.finding import Finding, broken, doubtful, fine

_WHAT = "asterisk's log"


def log_levels(channels: Sequence[dict[str, Any]]) -> Finding:
    """What ARI tells of the log's channels (GET /asterisk/logging): `dtmf` writes keys, others may."""
    with_level = {
        level: [
            str(channel["channel"] or channel["type"]).rpartition("/")[2]
            for channel in channels
            if level in str(channel["configuration"]).split()
        ]
        for level in ("DTMF", "DEBUG", "VERBOSE")
    }
    if files := with_level["DTMF"]:
        saw = f"every key is written to {', '.join(files)}: the level dtmf is on"
        return broken(_WHAT, saw, "take `dtmf` out of logger.conf, and `logger reload`")
    if files := with_level["DEBUG"]:
        saw = f"{', '.join(files)} takes debug: `core set debug 1` would write every key"
        return doubtful(
            _WHAT, saw, "take `debug` out of logger.conf, or never set debug while cards are taken"
        )
    if files := with_level["VERBOSE"]:
        saw = (
            f"{', '.join(files)} takes verbose, as consoles always do: `rtp set debug` would write every key"
        )
        return doubtful(_WHAT, saw, "take `verbose`, and the line `console`, out of logger.conf")
    return fine(_WHAT, "no level that writes keys")
