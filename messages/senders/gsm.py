"""Text as telephones write it: the GSM alphabet (3GPP TS 23.038) or UCS-2, in parts where it is long."""

import secrets
from dataclasses import dataclass, field
from typing import Final

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE: Final = 0x1B
_CODES: Final = {sign: bytes([code]) for code, sign in enumerate(_BASIC) if code != _ESCAPE} | {
    sign: bytes([_ESCAPE, code])
    for sign, code in zip("\f^{}\\[~]|€", b"\x0a\x14\x28\x29\x2f\x3c\x3d\x3e\x40\x65", strict=True)
}

GSM: Final = 0x00
UCS2: Final = 0x08
"""SMPP 3.4, 5.2.19 data_coding."""

_ALONE: Final = {GSM: 160, UCS2: 140}
_IN_PARTS: Final = {GSM: 153, UCS2: 134}
_PARTS_AT_MOST: Final = 10
_CONCATENATED: Final = b"\x05\x00\x03"  # 3GPP TS 23.040, 9.2.3.24.1: with a reference of 8 bits


@dataclass(frozen=True, slots=True)
class Parts:
    """What goes over the air: each part with its header, where there are several."""

    coding: int
    parts: tuple[bytes, ...] = field(repr=False)


def parts_of(text: str, reference: int | None = None) -> Parts | None:
    """The text in parts that a telephone puts together again; None for one that needs more than ten."""
    coding, signs = _coded(text)
    if sum(map(len, signs)) <= _ALONE[coding]:
        return Parts(coding, (b"".join(signs),))
    cut = _cut(signs, _IN_PARTS[coding])
    if len(cut) > _PARTS_AT_MOST:
        return None
    mark = secrets.randbelow(256) if reference is None else reference
    heads = (bytes([mark, len(cut), place]) for place in range(1, len(cut) + 1))
    return Parts(coding, tuple(_CONCATENATED + head + part for head, part in zip(heads, cut, strict=True)))


def _coded(text: str) -> tuple[int, list[bytes]]:
    if all(sign in _CODES for sign in text):
        return GSM, [_CODES[sign] for sign in text]
    return UCS2, [sign.encode("utf-16-be", "replace") for sign in text]


def _cut(signs: list[bytes], size: int) -> list[bytes]:
    """No sign is cut in two: not an escape and what follows, not a pair of surrogates."""
    cut = [b""]
    for sign in signs:
        if len(cut[-1]) + len(sign) > size:
            cut.append(b"")
        cut[-1] += sign
    return cut
