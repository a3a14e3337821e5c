"""Who works here: the roles, and what each may do, in one table."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.scopes import Scope


class Role(StrEnum):
    """What somebody is for. A user has one."""

    ADMIN = "admin"
    TELECOM = "telecom"
    AGENT = "agent"
    FINANCE = "finance"
    AUDITOR = "auditor"
    READ_ONLY = "read_only"


_EVERYBODY: Final = frozenset({Scope.SELF, Scope.OPEN, Scope.HEALTH_READ, Scope.LIVE_READ})
_SECRETIVE: Final = frozenset({Scope.USERS_READ, Scope.KEYS_READ, Scope.AUDIT_READ})
_LOOKING: Final = frozenset(scope for scope in Scope if scope.endswith(":read"))

SCOPES: Final[Mapping[Role, frozenset[Scope]]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Scope),
        Role.TELECOM: _EVERYBODY
        | {
            Scope.CALLS_READ,
            Scope.CALLS_ACT,
            Scope.NUMBERS_READ,
            Scope.NUMBERS_WRITE,
            Scope.FLOWS_READ,
            Scope.FLOWS_WRITE,
            Scope.PROMPTS_READ,
            Scope.PROMPTS_WRITE,
            Scope.WEBHOOKS_READ,
            Scope.WEBHOOKS_ACT,
            Scope.ANALYTICS_READ,
        },
        Role.AGENT: _EVERYBODY
        | {
            Scope.CALLS_READ,
            Scope.CALLS_ACT,
            Scope.CAPTURES_ACT,
            Scope.PAYMENTS_READ,
            Scope.LINKS_READ,
            Scope.LINKS_ACT,
            Scope.METHODS_READ,
            Scope.MESSAGES_READ,
            Scope.AGENT_ACT,
        },
        Role.FINANCE: _EVERYBODY
        | {
            Scope.CALLS_READ,
            Scope.PAYMENTS_READ,
            Scope.PAYMENTS_ACT,
            Scope.REFUNDS_ACT,
            Scope.LINKS_READ,
            Scope.LINKS_ACT,
            Scope.METHODS_READ,
            Scope.METHODS_ACT,
            Scope.ROUTING_READ,
            Scope.FRAUD_READ,
            Scope.FRAUD_ACT,
            Scope.LEDGER_READ,
            Scope.SETTLEMENTS_READ,
            Scope.SETTLEMENTS_ACT,
            Scope.MESSAGES_READ,
            Scope.MESSAGES_WRITE,
            Scope.ANALYTICS_READ,
        },
        Role.AUDITOR: _EVERYBODY | _LOOKING,
        Role.READ_ONLY: _EVERYBODY | (_LOOKING - _SECRETIVE),
    }
)
"""Each role with all that it may do."""
