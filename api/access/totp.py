"""One-time codes of an app (RFC 6238): six digits, 30 seconds, one step early or late."""

import hmac
import re
import secrets
from datetime import datetime
from typing import Final

import pyotp

_STEP_S: Final = 30
_DRIFT: Final = (0, -1, 1)
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: those that look alike are one
_LOOK_ALIKE: Final = str.maketrans("oil", "011")
_CODES: Final = 10


def new_secret() -> str:
    """160 random bits in base32, as the app wants them."""
    return pyotp.random_base32()


def app_address(secret: str, email: str, company: str) -> str:
    """What an app reads from a QR code: `otpauth://totp/...`."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=company)


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, of those around `at`; None for a wrong one.

    Whoever takes the code uses the step up: no code is good twice.
    """
    now, app = int(at.timestamp()) // _STEP_S, pyotp.TOTP(secret)
    found = None
    for drift in _DRIFT:
        if hmac.compare_digest(app.generate_otp(now + drift).encode(), code.encode()):
            found = now + drift
    return found


def is_code(text: str) -> bool:
    """Whether it looks like a code of an app; what does not may be a recovery code."""
    return _SIX_DIGITS.fullmatch(text) is not None


def recovery_codes() -> list[str]:
    """Ten codes of 50 random bits, such as `7k2mp-9xwqd`, for whoever loses the app."""
    return [f"{_letters(5)}-{_letters(5)}" for _ in range(_CODES)]


def plain(code: str) -> str:
    """A recovery code as it was given out, however it was typed."""
    letters = "".join(code.lower().split()).replace("-", "").translate(_LOOK_ALIKE)
    return f"{letters[:5]}-{letters[5:]}"


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
