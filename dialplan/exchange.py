"""The exchange as its admin describes it: what may stand in `exchange.yaml`, and what each key means.

It is an edge of the house as HTTP is, so pydantic checks it. Values that concern several keys are checked in
`dialplan.cross`; every description here is printed in docs/reference/exchange.md.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dialplan.words import (
    Address,
    Codec,
    Credential,
    Destination,
    Dtmf,
    ExtensionName,
    FlowName,
    Host,
    Language,
    MailAddress,
    ModuleName,
    Name,
    Network,
    NumberName,
    OrOff,
    Password,
    PathText,
    PersonName,
    Port,
    PortOrOff,
    Prefix,
    Sound,
    Source,
    Srtp,
    Strategy,
    UserName,
    WebSocketUrl,
)

_Codecs = Annotated[tuple[Codec, ...], Field(min_length=1)]


class Part(BaseModel):
    """A part of the file; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sip(Part):
    """The ports on which phones and trunks reach Asterisk; a port of `off` closes that way in."""

    udp: PortOrOff = Field(default=5060, description="Port for SIP over UDP.")
    tcp: PortOrOff = Field(default=None, description="Port for SIP over TCP.")
    tls: PortOrOff = Field(default=None, description="Port for SIP over TLS, usually 5061; needs `tls`.")
    wss: PortOrOff = Field(
        default=None,
        description="Port for browsers of other pages than the line's own (SIP over secure WebSocket); "
        "needs `tls`.",
    )


class Tls(Part):
    """The certificate that phones, trunks and browsers see."""

    certificate: PathText = Field(description="PEM file with the certificate and its chain.")
    key: PathText = Field(description="PEM file with the private key; Asterisk must be able to read it.")
    authorities: PathText | None = Field(
        default=None, description="PEM file with the authorities that trunks over TLS are checked against."
    )


class Rtp(Part):
    """Where the sound of calls travels."""

    first: Port = Field(default=10000, description="First UDP port for sound; each call takes two or four.")
    last: Port = Field(default=20000, description="Last UDP port for sound.")
    stun: Host | None = Field(default=None, description="STUN server that browsers' calls are helped by.")


class Nat(Part):
    """How the world sees an Asterisk that stands behind address translation."""

    external_address: Host = Field(description="The public address, written into SIP and SDP for outsiders.")
    local_networks: tuple[Network, ...] = Field(
        default=(), description="Networks that are inside, and get the inner address."
    )


class Ari(Part):
    """How the controller and Asterisk talk to each other."""

    user: Name = Field(default="tellerline", description="The controller's user name.")
    password: Password = Field(description="The controller's password.")
    listen: Host = Field(default="127.0.0.1", description="Address on which Asterisk serves ARI.")
    port: Port = Field(default=8088, description="Port on which Asterisk serves ARI (HTTP).")
    allow: tuple[Network, ...] = Field(
        default=("127.0.0.0/8", "::1/128"),
        description="Networks from which ARI may be used, on every HTTP port.",
    )
    connect: Literal["us_to_asterisk", "asterisk_to_us"] = Field(
        default="us_to_asterisk",
        description="Who opens the connection: the controller, or Asterisk (outbound WebSocket).",
    )
    controller: WebSocketUrl | None = Field(
        default=None, description="Where Asterisk reaches the controller; only for `asterisk_to_us`."
    )
    media: WebSocketUrl | None = Field(
        default=None,
        description="Where Asterisk opens the WebSocket for a call's sound (`tellerline-media`).",
    )
    authorities: PathText | None = Field(
        default=None, description="PEM file with the authorities for `wss://` addresses of the controller."
    )


class Number(Part):
    """A number of the line, and the flow that answers it."""

    flow: FlowName = Field(description="The flow that talks to the caller.")
    language: Language | None = Field(
        default=None, description="The caller's language; the exchange's own if left out."
    )
    also: tuple[NumberName, ...] = Field(
        default=(), description="Other spellings of the number that a trunk may send."
    )
    record: bool = Field(default=False, description="Tell the flow to record the call (`record=yes`).")


class Trunk(Part):
    """A carrier or another exchange."""

    kind: Literal["registration", "peer"] = Field(
        description="`registration` logs in at the carrier; `peer` is known by its IP address."
    )
    host: Host = Field(description="The carrier's host name or address.")
    port: Port = Field(default=5060, description="The carrier's SIP port.")
    transport: Literal["udp", "tcp", "tls"] = Field(default="udp", description="How SIP reaches the carrier.")
    user: UserName | None = Field(default=None, description="User name at the carrier.")
    password: Credential | None = Field(
        default=None, description="Password at the carrier; only as `${NAME}`, taken from the environment."
    )
    addresses: tuple[Source, ...] = Field(
        default=(), description="Where its calls come from; for a `peer` its `host` if left out."
    )
    dials: tuple[Prefix, ...] = Field(
        default=(), description="Beginnings of the numbers dialed by this trunk."
    )
    backup: Name | None = Field(
        default=None, description="The trunk to try when this one does not take a call."
    )
    caller_id: NumberName | None = Field(
        default=None, description="The number shown to those who are called."
    )
    codecs: _Codecs | None = Field(
        default=None, description="Codecs, best first; the exchange's own if left out."
    )
    dtmf: Dtmf = Field(default="rfc4733", description="How keys arrive.")
    srtp: Srtp = Field(default="off", description="Encryption of the sound.")
    behind_nat: bool = Field(default=False, description="Answer to the address that packets come from.")
    language: Language | None = Field(
        default=None, description="Language of what Asterisk itself says to its callers."
    )


class Extension(Part):
    """A phone in the house: a desk phone, a softphone or a browser."""

    name: PersonName | None = Field(
        default=None, description="Who sits there; shown to those who are called."
    )
    password: Password = Field(description="The phone's SIP password; its user name is the extension.")
    webrtc: bool = Field(
        default=False,
        description="A browser: ICE and DTLS-SRTP; its SIP comes by the line's own page, or by `sip.wss`.",
    )
    user: MailAddress | None = Field(
        default=None, description="Who takes its calls on the line's own page: the address they sign in with."
    )
    codecs: _Codecs | None = Field(
        default=None, description="Codecs, best first; the exchange's own if left out."
    )
    dtmf: Dtmf = Field(default="rfc4733", description="How keys arrive.")
    srtp: Srtp = Field(
        default="off", description="Encryption of the sound; a `webrtc` one always has `dtls`."
    )
    behind_nat: bool = Field(default=True, description="Answer to the address that packets come from.")
    ring_s: int = Field(default=30, ge=5, le=300, description="How long it rings, in seconds.")
    language: Language | None = Field(
        default=None, description="Language of what Asterisk itself says to it."
    )


class Queue(Part):
    """A waiting line with agents."""

    agents: tuple[ExtensionName, ...] = Field(min_length=1, description="The extensions that answer.")
    strategy: Strategy = Field(default="rrmemory", description="Who is rung next.")
    ring_s: int = Field(default=20, ge=5, le=120, description="How long an agent's phone rings, in seconds.")
    wrap_up_s: int = Field(default=5, ge=0, le=600, description="Rest of an agent after a call, in seconds.")
    wait_s: int = Field(
        default=300, ge=10, le=7200, description="How long a caller waits at most, in seconds."
    )
    max_waiting: int = Field(default=50, ge=1, le=1000, description="How many callers may wait.")
    record: bool = Field(default=False, description="Record the queue's calls (see `recording`).")


class Music(Part):
    """What callers hear while they wait."""

    folder: PathText | None = Field(
        default=None,
        description="Folder of sound files in formats that Asterisk plays; Asterisk's own if left out.",
    )
    shuffle: bool = Field(default=True, description="Play them in a random order.")


class Recording(Part):
    """How Asterisk itself records the calls of queues."""

    format: Literal["wav", "gsm", "ulaw", "alaw", "g722", "sln16"] = Field(
        default="wav", description="Format of the files, in Asterisk's `monitor` folder."
    )


class Fallback(Part):
    """What a caller gets when no controller answers."""

    say: tuple[Sound, ...] = Field(
        default=("sorry-youre-having-problems", "please-try-call-later"),
        description="Sounds played one after another: Asterisk's own, or paths without ending.",
    )
    then: Destination | None = Field(
        default=None,
        description="Where the call goes after that: an extension, a queue or a number; else it ends.",
    )


class Exchange(Part):
    """The whole file."""

    bind: Address = Field(default="127.0.0.1", description="Address on which SIP is served; 0.0.0.0 for all.")
    language: Language = Field(default="en", description="Language where none is given.")
    sip: Sip = Field(default=Sip(), description="Ports for phones and trunks.")
    tls: Tls | None = Field(default=None, description="Certificate for TLS and WSS.")
    rtp: Rtp = Field(default=Rtp(), description="Ports for sound.")
    nat: Nat | None = Field(default=None, description="Address translation in front of Asterisk.")
    codecs: _Codecs = Field(default=("ulaw", "alaw"), description="Codecs, best first.")
    ari: Ari = Field(description="The controller's connection.")
    numbers: dict[NumberName, Number] = Field(min_length=1, description="The line's numbers.")
    trunks: dict[Name, Trunk] = Field(default={}, description="Carriers, by a name of your choice.")
    extensions: dict[ExtensionName, Extension] = Field(default={}, description="Phones, by what one dials.")
    queues: dict[Name, Queue] = Field(default={}, description="Waiting lines, by a name of your choice.")
    music: OrOff[Music] = Field(default=Music(), description="Music for those who wait; `off` is silence.")
    recording: Recording = Field(default=Recording(), description="How queues record.")
    fallback: Fallback = Field(default=Fallback(), description="What happens when no controller answers.")
    fragments: tuple[PathText, ...] = Field(
        default=(), description="Your own pieces of extensions.conf: files or globs, from this file's folder."
    )
    modules: tuple[ModuleName, ...] = Field(
        default=(), description="Asterisk modules that your pieces need besides."
    )
    call_records: bool = Field(default=False, description="Let Asterisk write CSV call records too.")
