"""The kinds of words in the admin's file: what a name, a port, an address or a password may look like."""

import re
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.IGNORECASE
)
_PASSWORD_CHARS = 8

Kind = TypeVar("Kind")
_RESERVED = frozenset(
    {
        "all",
        "anonymous",
        "tellerline-outbound",
        "default",
        "fallback",
        "general",
        "global",
        "globals",
        "system",
    }
    | {f"transport-{kind}" for kind in ("udp", "tcp", "tls", "wss")}
)


def one_line(text: str) -> str:
    """The text, if it can stand on one line of a configuration file; raises ValueError."""
    if _UNPRINTABLE.search(text):
        raise ValueError("holds a line break or another character that cannot be printed: remove it")
    if text != text.strip():
        raise ValueError("begins or ends with a space: remove it")
    return text


def _matching(pattern: str, wanted: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if compiled.fullmatch(text) is None:
            raise ValueError(f"must be {wanted}")
        return text

    return AfterValidator(check)


def _not_reserved(text: str) -> str:
    if text in _RESERVED:
        raise ValueError(f"{text} is a word of Asterisk's own: choose another name")
    return text


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("must be an IP address such as 127.0.0.1, or 0.0.0.0 for all") from None


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("must be a network such as 192.0.2.0/24, or one address") from None


def _host(text: str) -> str:
    if _HOST.fullmatch(text):
        return text
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("must be a host name such as sip.example.com, or an IP address") from None


def _source(text: str) -> str:
    return _network(text) if "/" in text else _host(text)


def _websocket(text: str) -> str:
    try:
        url = urlsplit(one_line(text))
        reached = url.scheme in {"ws", "wss"} and _host(url.hostname or "") and (url.port or True)
    except ValueError:
        reached = False
    if not reached or not text.isascii() or " " in text or url.username is not None:
        raise ValueError(
            "must be a WebSocket address such as ws://127.0.0.1:8090/ari, without a password in it"
        )
    return text


def _long_enough(secret: SecretStr) -> SecretStr:
    word = secret.get_secret_value()
    one_line(word)
    if len(word) < _PASSWORD_CHARS:
        raise ValueError(f"is too short to keep strangers out: use {_PASSWORD_CHARS} characters or more")
    return secret


def _given(secret: SecretStr) -> SecretStr:
    if not one_line(secret.get_secret_value()):
        raise ValueError("is empty")
    return secret


def _off(value: object) -> object:
    return None if value in ("off", "no", "none", "") else value


Text = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
Password = Annotated[SecretStr, AfterValidator(_long_enough)]
Credential = Annotated[SecretStr, AfterValidator(_given)]
Port = Annotated[int, Field(ge=1, le=65535)]
PortOrOff = Annotated[Port | None, BeforeValidator(_off)]
OrOff = Annotated[Kind | None, BeforeValidator(_off)]
Address = Annotated[str, AfterValidator(_address)]
Network = Annotated[str, AfterValidator(_network)]
Host = Annotated[str, AfterValidator(_host)]
Source = Annotated[str, AfterValidator(_source)]
WebSocketUrl = Annotated[str, AfterValidator(_websocket)]
PathText = Annotated[str, Field(min_length=1, max_length=400), AfterValidator(one_line)]
NumberName = Annotated[str, _matching(r"\+?[0-9]{2,15}", "2 to 15 digits, with a + before them or not")]
ExtensionName = Annotated[str, _matching(r"[0-9]{2,15}", "2 to 15 digits, as a phone dials them")]
Name = Annotated[
    str,
    _matching(r"[a-z][a-z0-9_-]{1,39}", "2 to 40 of a-z, 0-9, - and _, a letter first"),
    AfterValidator(_not_reserved),
]
FlowName = Annotated[str, _matching(r"[a-z][a-z0-9_]{0,63}", "a flow's name: a-z, 0-9 and _, a letter first")]
Language = Annotated[str, _matching(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?", "a language such as en or pt_BR")]
Prefix = Annotated[str, _matching(r"\+[0-9]{0,14}", "the beginning of a number, such as +1, or + for all")]
Sound = Annotated[
    str, _matching(r"[A-Za-z0-9/_.-]{1,200}", "a sound's name without its ending: A-Z, 0-9 and / _ . -")
]
Destination = Annotated[
    str, _matching(r"\+?[0-9]{2,15}|[a-z][a-z0-9_-]{1,39}", "an extension, a queue or a number")
]
ModuleName = Annotated[str, _matching(r"[a-z0-9_]{3,60}", "a module's name such as app_amd, without .so")]
MailAddress = Annotated[
    str, _matching(r"[^@\s]{1,64}@[^@\s]{1,255}", "a mail address, such as alex@example.com")
]
"""The address that somebody signs in with."""

PersonName = Annotated[
    str, _matching(r"""[^"<>\\;\x00-\x1f\x7f-\x9f\u2028\u2029]{1,80}""", 'a name without any of " < > ; \\')
]
UserName = Annotated[str, _matching(r"[A-Za-z0-9._+-]{1,80}", "a user's name: A-Z, 0-9 and . _ + -")]

Codec = Literal["ulaw", "alaw", "g722", "opus", "gsm"]
Dtmf = Literal["rfc4733", "info", "inband", "auto"]
Srtp = Literal["off", "sdes", "dtls"]
Strategy = Literal["ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "linear"]
