"""What somebody may do: a user by role, a key by its scopes; and what nobody may hand on."""

from collections.abc import Iterable

from api.problem import NotDone
from api.roles import SCOPES, Role
from api.scopes import Scope
from api.who import Who
from db.users import User

LEAST = frozenset({Scope.SELF, Scope.OPEN})
"""What whoever must first choose a password, or set up a second factor, may do."""


def to_do(user: User, *, second_factor: bool) -> list[str]:
    """What a user must do before anything else: `password`, `second_factor`."""
    lacks = second_factor and not user.totp and not user.passkeys
    return [*(["password"] if user.password_until else []), *(["second_factor"] if lacks else [])]


def scopes_of_role(role: str) -> frozenset[Scope]:
    """What a role may do; nothing for one that this release does not know."""
    return SCOPES[Role(role)] if role in set(Role) else frozenset()


def scopes_of_user(user: User, *, second_factor: bool) -> frozenset[Scope]:
    """What a user may do now."""
    return LEAST if to_do(user, second_factor=second_factor) else scopes_of_role(user.role)


def known_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """The scopes among these words; what an older release granted and this one does not know is left out."""
    every = {scope.value: scope for scope in Scope}
    return frozenset(every[word] for word in words if word in every)


def check_no_wider(who: Who, scopes: Iterable[Scope]) -> None:
    """Nobody gives away a right that they do not have."""
    wider = sorted(scope.value for scope in scopes if not who.may(scope))
    if wider:
        raise NotDone(403, "not_allowed", f"you cannot give what you may not do: {', '.join(wider)}")
