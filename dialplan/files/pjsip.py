"""pjsip.conf: transports, phones and trunks.

The keys: https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Module_Configuration/res_pjsip/
"""

from collections.abc import Iterator

from dialplan.conf import Setting, section
from dialplan.exchange import Exchange, Extension, Nat, Tls, Trunk

_QUALIFY_S = 60


def pjsip(exchange: Exchange) -> list[str]:
    """The file's lines."""
    lines = section(
        "global", [("user_agent", "Tellerline"), ("endpoint_identifier_order", "username,ip,auth_username")]
    )
    lines += _transports(exchange)
    for extension, phone in exchange.extensions.items():
        lines += _phone(exchange, extension, phone)
    for name, trunk in exchange.trunks.items():
        lines += _trunk(exchange, name, trunk)
    return lines


def _transports(exchange: Exchange) -> Iterator[str]:
    for kind in ("udp", "tcp", "tls", "wss"):
        port = getattr(exchange.sip, kind)
        if port is None:
            continue
        settings: list[Setting] = [("type", "transport"), ("protocol", kind)]
        # a browser's transport lives on the HTTP server, which http.conf binds
        settings.append(("bind", exchange.bind if kind == "wss" else _bound(exchange.bind, port)))
        if kind == "tls" and exchange.tls is not None:
            settings += _certificate(exchange.tls)
        if exchange.nat is not None:
            settings += _behind(exchange.nat)
        yield from section(f"transport-{kind}", settings, f"sip.{kind}")


def _certificate(tls: Tls) -> list[Setting]:
    return [
        ("cert_file", tls.certificate),
        ("priv_key_file", tls.key),
        ("ca_list_file", tls.authorities),
        ("verify_server", tls.authorities is not None),
        ("method", "tlsv1_2"),  # the lowest that is spoken, RFC 8996
    ]


def _behind(nat: Nat) -> list[Setting]:
    settings: list[Setting] = [
        ("external_media_address", nat.external_address),
        ("external_signaling_address", nat.external_address),
    ]
    return settings + [("local_net", network) for network in nat.local_networks]


def _phone(exchange: Exchange, extension: str, phone: Extension) -> Iterator[str]:
    source = f"extensions.{extension}"
    settings: list[Setting] = [
        ("type", "endpoint"),
        ("context", "tellerline-phones"),
        *_sound(exchange, phone),
        ("auth", extension),
        ("aors", extension),
        ("language", phone.language or exchange.language),
        ("callerid", f'"{phone.name or extension}" <{extension}>'),
        ("set_var", "TRANSFER_CONTEXT=tellerline-dial"),
        ("webrtc", True if phone.webrtc else None),
    ]
    yield from section(extension, settings, source)
    yield from section(extension, _login(extension, phone.password.get_secret_value()), source)
    aor: list[Setting] = [("type", "aor"), ("max_contacts", 1), ("remove_existing", True)]
    yield from section(extension, [*aor, ("qualify_frequency", _QUALIFY_S)], source)


def _trunk(exchange: Exchange, name: str, trunk: Trunk) -> Iterator[str]:
    source = f"trunks.{name}"
    settings: list[Setting] = [
        ("type", "endpoint"),
        ("transport", f"transport-{trunk.transport}"),
        ("context", "tellerline-in"),
        *_sound(exchange, trunk),
        ("aors", name),
        ("language", trunk.language or exchange.language),
        ("from_user", trunk.user),
        ("from_domain", trunk.host if trunk.user else None),
        ("outbound_auth", name if trunk.password else None),
        ("allow_transfer", False),  # a stranger's REFER must not dial on our account
        ("trust_id_inbound", True),
    ]
    yield from section(name, settings, source)
    if trunk.user and trunk.password:
        yield from section(name, _login(trunk.user, trunk.password.get_secret_value()), source)
    contact: list[Setting] = [("type", "aor"), ("contact", _uri(trunk)), ("qualify_frequency", _QUALIFY_S)]
    yield from section(name, contact, source)
    if trunk.kind == "registration":
        yield from section(name, _registration(name, trunk), source)
    addresses = trunk.addresses or ((trunk.host,) if trunk.kind == "peer" else ())
    if addresses:
        matches: list[Setting] = [("match", address) for address in addresses]
        yield from section(name, [("type", "identify"), ("endpoint", name), *matches], source)


def _sound(exchange: Exchange, end: Extension | Trunk) -> list[Setting]:
    encryption = "dtls" if isinstance(end, Extension) and end.webrtc else end.srtp
    settings: list[Setting] = [
        ("disallow", "all"),
        ("allow", ",".join(end.codecs or exchange.codecs)),
        ("dtmf_mode", end.dtmf),
        ("direct_media", False),  # sound that passes us by carries keys that we could not hide
        ("media_encryption", None if encryption == "off" else encryption),
        ("dtls_auto_generate_cert", True if encryption == "dtls" else None),
        ("rtp_symmetric", end.behind_nat),
        ("force_rport", end.behind_nat),
        ("rewrite_contact", end.behind_nat),
        ("rtp_timeout", 60),  # a phone that lost its network ends its call
        ("rtp_timeout_hold", 300),
    ]
    return settings


def _login(user: str, password: str) -> list[Setting]:
    return [("type", "auth"), ("auth_type", "digest"), ("username", user), ("password", password)]


def _registration(name: str, trunk: Trunk) -> list[Setting]:
    return [
        ("type", "registration"),
        ("transport", f"transport-{trunk.transport}"),
        ("server_uri", _uri(trunk)),
        ("client_uri", _uri(trunk, f"{trunk.user}@")),
        ("contact_user", trunk.user),
        ("outbound_auth", name),
        ("line", True),
        ("endpoint", name),
        ("retry_interval", 30),
        ("forbidden_retry_interval", 300),
        ("max_retries", 10000),
        ("expiration", 600),
    ]


def _uri(trunk: Trunk, user: str = "") -> str:
    host = f"[{trunk.host}]" if ":" in trunk.host else trunk.host
    transport = "" if trunk.transport == "udp" else f";transport={trunk.transport}"
    return f"sip:{user}{host}:{trunk.port}{transport}"


def _bound(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
