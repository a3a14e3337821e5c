"""The files that join Asterisk and the controller: http, ari, websocket_client, chan_websocket, stasis."""

from dialplan.conf import Setting, section
from dialplan.exchange import Exchange

APP = "tellerline"
MEDIA_CONNECTION = "tellerline-media"
_RECONNECT_MS = 500


def http(exchange: Exchange) -> list[str]:
    """http.conf: the server that carries ARI, SIP of the line's own page, and other pages' by `sip.wss`."""
    ari, tls = exchange.ari, exchange.tls
    settings: list[Setting] = [
        ("servername", "Tellerline"),
        ("enabled", True),
        ("bindaddr", ari.listen),
        ("bindport", ari.port),
        ("sessionlimit", 1000),
    ]
    if exchange.sip.wss is not None and tls is not None:
        settings += [
            ("tlsenable", True),
            ("tlsbindaddr", _bound(exchange.bind, exchange.sip.wss)),
            ("tlscertfile", tls.certificate),
            ("tlsprivatekey", tls.key),
            ("tlsdisablev1", True),
            ("tlsdisablev11", True),
        ]
    allowed: list[Setting] = [("permit", network) for network in ari.allow]
    restriction: list[Setting] = [("type", "restriction"), ("deny", "0.0.0.0/0"), ("deny", "::/0"), *allowed]
    return section("general", settings, "ari") + section("/ari", restriction, "ari.allow")


def ari(exchange: Exchange) -> list[str]:
    """ari.conf: the controller's user, and the outbound connection where Asterisk opens it."""
    control = exchange.ari
    user: list[Setting] = [
        ("type", "user"),
        ("read_only", False),
        ("password", control.password.get_secret_value()),
        ("password_format", "plain"),
    ]
    lines = section("general", [("enabled", True), ("pretty", False), ("websocket_write_timeout", 1000)])
    lines += section(control.user, user, "ari.user")
    if control.connect == "asterisk_to_us":
        outbound: list[Setting] = [
            ("type", "outbound_websocket"),
            ("websocket_client_id", "tellerline-controller"),
            ("apps", APP),
            ("local_ari_user", control.user),
        ]
        lines += section("tellerline-outbound", outbound, "ari.connect")
    return lines


def websocket_client(exchange: Exchange) -> list[str]:
    """websocket_client.conf: the connections that Asterisk opens, for control and for a call's sound."""
    control = exchange.ari
    lines: list[str] = []
    if control.connect == "asterisk_to_us" and control.controller is not None:
        lines += section(
            "tellerline-controller",
            _client(exchange, "persistent", control.controller, "ari"),
            "ari.controller",
        )
    if control.media is not None:
        lines += section(
            MEDIA_CONNECTION, _client(exchange, "per_call_config", control.media, "media"), "ari.media"
        )
    return lines


def chan_websocket(_exchange: Exchange) -> list[str]:
    """chan_websocket.conf: control messages of the sound's WebSocket as JSON."""
    return section("global", [("control_message_format", "json")])


def stasis(_exchange: Exchange) -> list[str]:
    """stasis.conf: Asterisk's own message bus, at its own defaults, written down."""
    return section(
        "taskpool", [("minimum_size", 5), ("initial_size", 5), ("idle_timeout_sec", 20), ("max_size", 50)]
    )


def _client(exchange: Exchange, kind: str, url: str, protocol: str) -> list[Setting]:
    secure = url.startswith("wss:")
    return [
        ("type", "websocket_client"),
        ("connection_type", kind),
        ("uri", url),
        ("protocols", protocol),
        ("username", exchange.ari.user),
        ("password", exchange.ari.password.get_secret_value()),
        ("connection_timeout", 2000),
        ("reconnect_interval", _RECONNECT_MS),
        ("tls_enabled", secure),
        ("ca_list_file", exchange.ari.authorities if secure else None),
    ]


def _bound(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
