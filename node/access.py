"""Who may do what, as the settings have it: the gate, and the routes of users and keys."""

from dataclasses import dataclass

from api.access.door import Door, Terms
from api.access.passwords import Passwords
from api.access.peer import Peers
from api.access.rates import Rates
from api.access.signing_in import SigningIn
from api.access.tokens import Tokens
from api.route import Table
from api.routes import audit, factors, keys, session, users
from core.clock import Clock
from db.access_trail import AccessTrail
from db.api_keys import StoredApiKeys
from db.audit_list import AuditList
from db.engine import Work
from db.factors import StoredFactors
from db.passkeys import StoredPasskeys
from db.people import People
from db.sign_ins import StoredSignIns
from db.tries import StoredTries
from db.users import StoredUsers
from node.api_access import operator_key
from node.keyring import master_of
from node.settings import Settings


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the routes of who may do what lead into."""

    reception: session.Reception
    staff: users.Staff
    factors: factors.Factors
    keys: keys.Keys
    audit: AuditList


@dataclass(frozen=True, slots=True)
class Access:
    """The gate in front of all routes, and the rooms behind its own."""

    door: Door
    rooms: Rooms


@dataclass(frozen=True, slots=True)
class Stores:
    """What is kept of users and keys; the master key seals here also where people are not sealed."""

    users: StoredUsers
    sign_ins: StoredSignIns
    tries: StoredTries
    factors: StoredFactors
    passkeys: StoredPasskeys
    keys: StoredApiKeys


def stores(settings: Settings, work: Work, clock: Clock, people: People | None = None) -> Stores:
    """The stores of users and keys."""
    people = people or People(master_of(settings), clock)
    return Stores(
        StoredUsers(work, clock),
        StoredSignIns(work, clock),
        StoredTries(work, people, clock),
        StoredFactors(work, people, clock),
        StoredPasskeys(work, clock),
        StoredApiKeys(work, people, clock),
    )


def access(
    settings: Settings, work: Work, clock: Clock, people: People | None, passwords: Passwords | None = None
) -> Access:
    """The gate as the settings have it; `people` seals, where names are sealed at all."""
    kept, api = stores(settings, work, clock, people), settings.api
    trail, passwords = AccessTrail(work, clock), passwords or Passwords()
    peers = Peers(api.proxies, api.url, settings.line.name)
    terms = Terms(api.per_minute, api.sign_ins_per_minute, api.second_factor)
    tokens = Tokens(kept.keys.token_secret, clock)
    door = Door(operator_key(settings), kept.sign_ins, kept.keys, tokens, trail, Rates(clock), peers, terms)
    signing_in = SigningIn(
        kept.users, kept.sign_ins, kept.tries, kept.factors, kept.passkeys, trail, passwords, clock
    )
    own = factors.Factors(
        kept.users, kept.factors, kept.passkeys, kept.sign_ins, peers, clock, settings.line.name
    )
    return Access(
        door,
        Rooms(
            session.Reception(signing_in, peers, terms),
            users.Staff(kept.users, kept.tries, kept.factors, kept.passkeys, passwords, clock),
            own,
            keys.Keys(kept.keys, tokens),
            AuditList(work),
        ),
    )


def routes(rooms: Rooms) -> Table:
    """The routes of who may do what."""
    return [
        *session.routes(rooms.reception),
        *users.routes(rooms.staff),
        *factors.routes(rooms.factors),
        *keys.routes(rooms.keys),
        *audit.routes(rooms.audit),
    ]
