"""Checks between keys: names that are referred to, ports that collide, files that must be there."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from core.near import did_you_mean
from dialplan.exchange import Exchange, Trunk
from dialplan.tree import Key

Wrong = tuple[Key, str]
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
_FEWEST_RTP_PORTS = 8


@dataclass(frozen=True, slots=True)
class Names:
    """The names that stand in the file, also those whose entries have mistakes of their own."""

    numbers: frozenset[str]
    extensions: frozenset[str]
    queues: frozenset[str]
    trunks: frozenset[str]


def cross_check(exchange: Exchange, names: Names, flows: Collection[str] | None) -> list[Wrong]:
    """All that is wrong between keys, as (key, reason)."""
    return [
        *_numbers(exchange, names),
        *_flows(exchange, flows),
        *_agents(exchange, names),
        *_fallback(exchange, names),
        *_trunks(exchange, names),
        *_browsers(exchange),
        *_encryption(exchange),
        *_ports(exchange),
        *_controller(exchange),
    ]


def check_paths(exchange: Exchange) -> Iterator[Wrong]:
    """Files and folders that the exchange names but the machine does not have."""
    tls, ari, music = exchange.tls, exchange.ari, exchange.music
    files = [
        (("tls", "certificate"), tls and tls.certificate),
        (("tls", "key"), tls and tls.key),
        (("tls", "authorities"), tls and tls.authorities),
        (("ari", "authorities"), ari.authorities),
    ]
    for key, path in files:
        if path and not Path(path).is_file():
            yield key, f"there is no file {path}"
    if music and music.folder and not Path(music.folder).is_dir():
        yield ("music", "folder"), f"there is no folder {music.folder}"
    for place, sound in enumerate(exchange.fallback.say):
        if sound.startswith("/") and not list(Path(sound).parent.glob(f"{Path(sound).name}.*")):
            yield ("fallback", "say", str(place)), f"there is no sound file {sound}.*"


def _numbers(exchange: Exchange, names: Names) -> Iterator[Wrong]:
    owners = {number: f"numbers.{number}" for number in names.numbers}
    for number in names.numbers & names.extensions:
        yield (
            ("extensions", number),
            f"{number} is one of the line's numbers already: choose another extension",
        )
    for number, entry in exchange.numbers.items():
        for place, spelling in enumerate(entry.also):
            owner = owners.get(spelling) or (f"extensions.{spelling}" if spelling in names.extensions else "")
            if owner:
                yield ("numbers", number, "also", str(place)), f"{spelling} is used already, by {owner}"
            owners.setdefault(spelling, f"numbers.{number}.also")


def _flows(exchange: Exchange, flows: Collection[str] | None) -> Iterator[Wrong]:
    for number, entry in exchange.numbers.items():
        if flows is not None and entry.flow not in flows and entry.flow != "stands_in":
            yield (
                ("numbers", number, "flow"),
                f"there is no flow {entry.flow}{did_you_mean(entry.flow, flows)}",
            )


def _agents(exchange: Exchange, names: Names) -> Iterator[Wrong]:
    for name, queue in exchange.queues.items():
        for place, agent in enumerate(queue.agents):
            key = ("queues", name, "agents", str(place))
            if agent not in names.extensions:
                yield key, f"there is no extension {agent}{did_you_mean(agent, names.extensions)}"
            elif agent in queue.agents[:place]:
                yield key, f"{agent} is in this queue already"


def _fallback(exchange: Exchange, names: Names) -> Iterator[Wrong]:
    then = exchange.fallback.then
    if then is None or then in names.extensions or then in names.queues:
        return
    key = ("fallback", "then")
    if then in names.numbers or any(then in entry.also for entry in exchange.numbers.values()):
        yield key, f"{then} needs the controller too: name an extension, a queue or a number outside"
    elif not any(then.startswith(prefix) for trunk in exchange.trunks.values() for prefix in trunk.dials):
        known = names.extensions | names.queues
        yield key, f"there is no extension or queue {then}, and no trunk dials it{did_you_mean(then, known)}"


def _trunks(exchange: Exchange, names: Names) -> Iterator[Wrong]:
    dialed: dict[str, str] = {}
    for name, trunk in exchange.trunks.items():
        yield from _trunk(exchange, names, name, trunk)
        for place, prefix in enumerate(trunk.dials):
            if prefix in dialed:
                yield ("trunks", name, "dials", str(place)), f"{prefix} is dialed by {dialed[prefix]} already"
            dialed.setdefault(prefix, f"trunks.{name}")


def _trunk(exchange: Exchange, names: Names, name: str, trunk: Trunk) -> Iterator[Wrong]:
    key = ("trunks", name)
    if trunk.kind == "registration" and not (trunk.user and trunk.password):
        yield key, "a registration needs `user` and `password`"
    if trunk.password and not trunk.user:
        yield (*key, "password"), "has no `user` with it"
    if getattr(exchange.sip, trunk.transport) is None:
        yield (*key, "transport"), f"needs a port: give `sip.{trunk.transport}` one"
    if trunk.backup == name or (trunk.backup and trunk.backup not in names.trunks):
        others = names.trunks - {name}
        yield (*key, "backup"), f"there is no other trunk {trunk.backup}{did_you_mean(trunk.backup, others)}"


def _browsers(exchange: Exchange) -> Iterator[Wrong]:
    seen: dict[str, str] = {}
    for extension, phone in exchange.extensions.items():
        if phone.user is None:
            continue
        key = ("extensions", extension, "user")
        if not phone.webrtc:
            yield key, "takes calls in a browser: set `webrtc: yes`"
        if (first := seen.setdefault(phone.user.lower(), extension)) != extension:
            yield key, f"{phone.user} has the extension {first} already"


def _encryption(exchange: Exchange) -> Iterator[Wrong]:
    sip = exchange.sip
    for kind in ("tls", "wss"):
        if getattr(sip, kind) is not None and exchange.tls is None:
            yield ("sip", kind), "needs a certificate: add `tls:` with `certificate` and `key`"
    for extension, phone in exchange.extensions.items():
        key = ("extensions", extension)
        if phone.srtp == "sdes" and sip.tls is None:
            yield (*key, "srtp"), "sdes sends its key within SIP: give `sip.tls` a port, or use dtls"
    for name, trunk in exchange.trunks.items():
        if trunk.srtp == "sdes" and trunk.transport != "tls":
            yield ("trunks", name, "srtp"), "sdes sends its key within SIP: set `transport: tls`, or use dtls"


def _ports(exchange: Exchange) -> Iterator[Wrong]:
    sip, rtp, ari = exchange.sip, exchange.rtp, exchange.ari
    if not any((sip.udp, sip.tcp, sip.tls, sip.wss)):
        yield ("sip",), "leaves no way in: open one of udp, tcp, tls, wss"
    if rtp.last - rtp.first + 1 < _FEWEST_RTP_PORTS:
        yield ("rtp", "last"), f"leaves too few ports after {rtp.first}: give at least {_FEWEST_RTP_PORTS}"
    if sip.udp is not None and rtp.first <= sip.udp <= rtp.last:
        key = ("sip", "udp") if "udp" in sip.model_fields_set else ("rtp", "first")
        yield key, f"SIP's UDP port {sip.udp} lies among the ports for sound, {rtp.first} to {rtp.last}"
    streams = [
        (("sip", kind), exchange.bind, getattr(sip, kind))
        for kind in ("tcp", "tls", "wss")
        if getattr(sip, kind) is not None
    ]
    streams.append((("ari", "port"), ari.listen, ari.port))
    for (first, one, port), (second, other, again) in combinations(streams, 2):
        if port == again and (one == other or {one, other} & _EVERYWHERE):
            yield second, f"{port} is taken by {'.'.join(first)}"


def _controller(exchange: Exchange) -> Iterator[Wrong]:
    ari = exchange.ari
    if ari.connect == "asterisk_to_us" and ari.controller is None:
        yield (
            ("ari", "controller"),
            "is missing: where Asterisk reaches the controller, such as ws://127.0.0.1:8090/ari",
        )
    if ari.connect == "us_to_asterisk" and ari.controller is not None:
        yield (
            ("ari", "controller"),
            "is used with `connect: asterisk_to_us` only: set that, or leave this out",
        )
