"""The files about sound and waiting: rtp, musiconhold, queues, indications."""

from typing import Final

from dialplan.conf import Setting, section
from dialplan.exchange import Exchange, Queue

# Samples of sound without a packet of the key that is held, after which it counts as let go. With Asterisk's
# own 150 ms, keys that are held for seconds are told again whenever sound and keys drift apart on their way.
_LET_GO: Final = 8000


def rtp(exchange: Exchange) -> list[str]:
    """rtp.conf: the ports of the calls' sound."""
    ports = exchange.rtp
    settings: list[Setting] = [
        ("rtpstart", ports.first),
        ("rtpend", ports.last),
        ("strictrtp", True),
        ("dtmftimeout", _LET_GO),
        ("icesupport", any(phone.webrtc for phone in exchange.extensions.values())),
        ("stunaddr", ports.stun),
    ]
    return section("general", settings, "rtp")


def musiconhold(exchange: Exchange) -> list[str]:
    """musiconhold.conf: the one class `default`, or none, which is silence."""
    lines = section("general", [("cachertclasses", False)])
    if exchange.music is None:
        return lines
    settings: list[Setting] = [("mode", "files"), ("directory", exchange.music.folder or "moh")]
    sort = ("sort", "random" if exchange.music.shuffle else "alpha")
    return lines + section("default", [*settings, sort], "music")


def queues(exchange: Exchange) -> list[str]:
    """queues.conf: the waiting lines and who answers them."""
    lines = section(
        "general", [("persistentmembers", True), ("autofill", True), ("log_membername_as_agent", True)]
    )
    for name, queue in exchange.queues.items():
        lines += _queue(exchange, name, queue)
    return lines


def indications(_exchange: Exchange) -> list[str]:
    """indications.conf: the tones of ringing and busy (ITU-T E.180, North America)."""
    tones: list[Setting] = [
        ("description", "United States / North America"),
        ("ringcadence", "2000,4000"),
        ("dial", "350+440"),
        ("busy", "480+620/500,0/500"),
        ("ring", "440+480/2000,0/4000"),
        ("congestion", "480+620/250,0/250"),
    ]
    return section("general", [("country", "us")]) + section("us", tones)


def _queue(exchange: Exchange, name: str, queue: Queue) -> list[str]:
    settings: list[Setting] = [
        ("strategy", queue.strategy),
        ("timeout", queue.ring_s),
        ("retry", 2),
        ("wrapuptime", queue.wrap_up_s),
        ("maxlen", queue.max_waiting),
        ("ringinuse", False),
        ("joinempty", True),
        ("musicclass", "default" if exchange.music else None),
        ("monitor-format", exchange.recording.format if queue.record else None),
    ]
    members = [f"member => PJSIP/{agent},0,{_shown(exchange, agent)},PJSIP/{agent}" for agent in queue.agents]
    lines = section(name, settings, f"queues.{name}")
    return [*lines[:-1], *members, ""]


def _shown(exchange: Exchange, agent: str) -> str:
    phone = exchange.extensions.get(agent)
    return (phone.name if phone and phone.name else agent).replace(",", " ")
