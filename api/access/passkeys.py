"""Passkeys (WebAuthn Level 2): what a browser is asked to sign, and whether it did."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from core.errors import BadInput
from db.passkeys import Passkey
from db.users import User

_ASKED: Final = UserVerificationRequirement.PREFERRED

Options = dict[str, Any]
"""What `navigator.credentials` takes, in JSON. Any: the standard's own structure."""


class BadPasskey(BadInput):
    """What the browser sent proves nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a passkey is for: the domain, the page's origin, and the name that people see."""

    domain: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A new passkey, as db.passkeys keeps it."""

    id: str
    public_key: bytes
    counter: int


def registration(site: Site, user: User, known: Iterable[Passkey]) -> tuple[Options, bytes]:
    """What to ask for a new passkey, and the challenge in it."""
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=site.name,
        user_id=user.id.encode(),
        user_name=user.email,
        user_display_name=user.name or user.email,
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=_ASKED),
    )
    return json.loads(options_to_json(options)), options.challenge


def registered(site: Site, challenge: bytes, answer: Mapping[str, Any]) -> Registered:
    """The passkey that the browser made. Raises BadPasskey."""
    try:
        found = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(f"the passkey was not taken: {error}") from error
    return Registered(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def assertion(site: Site, known: Iterable[Passkey]) -> tuple[Options, bytes]:
    """What to ask one of the known passkeys to sign, and the challenge in it."""
    options = generate_authentication_options(
        rp_id=site.domain, allow_credentials=_described(known), user_verification=_ASKED
    )
    return json.loads(options_to_json(options)), options.challenge


def asserted(site: Site, challenge: bytes, answer: Mapping[str, Any], passkey: Passkey) -> int:
    """Its counter, when this passkey signed the challenge for this site. Raises BadPasskey."""
    try:
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # compared where it is kept, in the same statement that notes it
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(f"the passkey was not taken: {error}") from error
    return found.new_sign_count


def _described(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.id)) for one in known]
