"""The ways in which a card could be written down, as bytes to look for."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from node.prove.canary import WINDOW, Canary, windows

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_OH = ("oh", *_WORDS[1:])
_SEPARATORS = (
    " ",
    "-",
    ",",
    ", ",
    ".",
    "/",
    "_",
    "','",
    "', '",
    '","',
    '", "',
    "+",
    "%20",
    "\\n",
    "\n",
    "\r\n",
    "\0",
)
_LABELS = (
    "cvc",
    "cvv",
    "cvc2",
    "cvv2",
    "card_code",
    "security_code",
    "security-code",
    "securityCode",
    "SecurityCode",
)
_EQUALS = ("=", ": ", ":", '": "', '":"', "': '", "]=", "%5D=", "='", '="', '\\": \\"', '\\":\\"', " = ")
_SHORTEST = 8
_GROUPS = (4, 4, 4, 4)
_AMEX_GROUPS = (4, 6, 5)


@dataclass(frozen=True, slots=True)
class Spelling:
    """Bytes that give a card away; `how` is the way of writing, in words."""

    how: str
    pattern: bytes


def spellings(canary: Canary) -> Iterator[Spelling]:
    """All of them. Each piece of WINDOW digits is spelled on its own: parts of a card are found too."""
    for piece in dict.fromkeys(windows(canary)):
        yield from _digit_by_digit(piece)
        yield from _base64(piece)
    yield from _grouped(canary.number)
    yield from _packed(canary.number)
    yield from _hashed(canary.number)
    yield from _labelled(canary.code)


def _digit_by_digit(piece: str) -> Iterator[Spelling]:
    yield Spelling("digits", piece.encode())
    for codec in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield Spelling(codec, piece.encode(codec))
    for separator in _SEPARATORS:
        yield Spelling(f"digits with {separator!r} between", separator.join(piece).encode())
    yield Spelling("raw digits", bytes(map(int, piece)))
    yield Spelling("percent-encoded", "".join(f"%{ord(digit):02x}" for digit in piece).encode())
    yield Spelling("hexadecimal", piece.encode().hex().encode())
    yield Spelling("JSON escapes", "".join(f"\\u{ord(digit):04x}" for digit in piece).encode())
    yield from _words(piece)


def _words(piece: str) -> Iterator[Spelling]:
    for names in (_WORDS, _OH):
        for change in (str.lower, str.capitalize, str.upper):
            spoken = [change(names[int(digit)]) for digit in piece]
            for separator in (" ", ", ", "-"):
                yield Spelling("words", separator.join(spoken).encode())


def _base64(piece: str) -> Iterator[Spelling]:
    """As it looks inside something longer, whatever stands around it: only whole groups are certain."""
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        whole = (8 * (before + len(piece))) // 6
        encoded = b64encode(bytes(before) + piece.encode())[cut:whole]
        if len(encoded) >= _SHORTEST:
            yield Spelling("base64", encoded)


def _grouped(number: str) -> Iterator[Spelling]:
    """As it is printed on the card, in every part of WINDOW digits."""
    sizes = _GROUPS if len(number) == sum(_GROUPS) else _AMEX_GROUPS
    starts = {sum(sizes[:place]) for place in range(1, len(sizes))}
    for separator in (" ", "-", ".", "+", "%20", "\u00a0"):
        for at in range(len(number) - WINDOW + 1):
            text = "".join(
                (separator if place in starts and place > at else "") + number[place]
                for place in range(at, at + WINDOW)
            )
            for codec in ("utf-8", "utf-16-le", "utf-16-be"):
                yield Spelling(f"groups with {separator!r} between", text.encode(codec))


def _packed(number: str) -> Iterator[Spelling]:
    """As numbers of machines and databases."""
    value = int(number)
    for padded in (number, "0" + number, number + "0", number + "f"):
        if len(padded) % 2 == 0:
            yield Spelling("BCD", bytes.fromhex(padded))
    yield Spelling("BCD", bytes.fromhex(number[1:15]))  # begun in the middle of a byte
    yield Spelling("64-bit integer", value.to_bytes(8, "little"))
    yield Spelling("64-bit integer", value.to_bytes(8, "big"))
    limbs = (value & (2**30 - 1), value >> 30)
    yield Spelling("Python integer", b"".join(limb.to_bytes(4, "little") for limb in limbs))
    filled = number.zfill(-(-len(number) // 4) * 4)
    groups = [int(filled[at : at + 4]) for at in range(0, len(filled), 4)]
    yield Spelling("PostgreSQL numeric", b"".join(group.to_bytes(2, "little") for group in groups))


def _hashed(number: str) -> Iterator[Spelling]:
    """A bare hash is as good as the number: there are few numbers (PCI DSS 3.5.1.1)."""
    hashes: tuple[Callable[..., hashlib._Hash], ...] = (hashlib.md5, hashlib.sha1, hashlib.sha256)
    for one in hashes:
        digest = one(number.encode(), usedforsecurity=False)
        yield Spelling(f"bare {digest.name}", digest.digest())
        yield Spelling(f"bare {digest.name}", digest.hexdigest().encode())
        yield Spelling(f"bare {digest.name}", b64encode(digest.digest())[:20])


def _labelled(code: str) -> Iterator[Spelling]:
    for label in _LABELS if code else ():
        for equals in _EQUALS:
            yield Spelling("labelled code", f"{label}{equals}{code}".encode())
