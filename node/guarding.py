"""What must work before a card is taken: the audit log, the key store, the masking, a gateway."""

from collections.abc import Iterable

from core.clock import Clock
from core.errors import CannotKeepSecret
from core.ids import CallId
from core.lately import Lately
from core.secret import LockedPage
from db.engine import Work
from db.people import People
from db.trail import CaptureTrail
from ivr.capture.guard import Check, Guard, Need
from node.undumped import is_closed
from payments.gateway import TOKENIZE, Gateway
from payments.reach import Reach
from pbx.switch import Switch


def guard(
    work: Work,
    clock: Clock,
    switch: Switch,
    people: People | None,
    gateways: Iterable[Gateway],
    *,
    readable: bool = False,
) -> Guard:
    """A guard that looks at all of them; the memory may be `readable` where the operator said so.

    Captures that begin within a second share what was found of Asterisk's log and of the gateways.
    """
    trail = CaptureTrail(work, clock)
    addresses = [one.cards_go_to for one in map(TOKENIZE.of, gateways) if one]

    async def overheard() -> None:
        if heard := await switch.overheard():
            raise CannotKeepSecret(" ".join(heard))

    nobody_hears, gateway = Lately(overheard), Lately(Reach(addresses).any)

    async def unheard(_call: CallId) -> None:
        LockedPage().close()
        if not readable and not is_closed():
            raise CannotKeepSecret("other programs of this user may read this process's memory (prctl(2))")
        await nobody_hears.look()

    async def sealed(_call: CallId) -> None:
        if people is not None:
            people.check()

    async def reached(_call: CallId) -> None:
        await gateway.look()

    checks: dict[Need, Check] = {
        Need.AUDIT: trail.begins,
        Need.KEYS: sealed,
        Need.MASKING: unheard,
        Need.GATEWAYS: reached,
    }
    return Guard(checks)
