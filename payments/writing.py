"""Writing an answer down, for as long as it takes: no charge is forgotten because the store is away."""

import anyio
import structlog

from core.errors import StoreLost
from payments.session import State
from payments.store import Move, Payment, Payments

log = structlog.stdlib.get_logger(__name__)

_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 15.0
_TRY_S = 10.0


async def write(payments: Payments, payment: Payment, move: Move) -> Payment:
    """Move a payment, trying again until the store takes it; the payment as it then stands.

    Waits grow from 0.2 to 15 s and never end while the process lives; the reconciler finds the answer
    again if the process does not.
    """
    wait_s, tries = _FIRST_WAIT_S, 0
    while True:
        tries += 1
        try:
            with anyio.fail_after(_TRY_S):
                written = await payments.move(payment.id, move)
        except (StoreLost, TimeoutError) as error:
            log.warning(
                "answer of the gateway not written yet",
                payment=payment.id,
                state=move.to.value,
                tries=tries,
                error=str(error),
            )
            await anyio.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
        else:
            _report(payment, move, written)
            return written


def _report(payment: Payment, move: Move, written: Payment) -> None:
    known = {"payment": payment.id, "state": written.state.value, "gateway": payment.gateway}
    if written.state is move.to or move.to is State.UNKNOWN:
        log.info("payment settled", **known)
    elif move.to in {State.CAPTURED, State.AUTHORIZED}:
        # the money moved after the payment was closed: a person must look at it
        log.critical("charge came in after its payment was closed", ref=move.ref, **known)
    else:
        log.warning("answer came too late", answer=move.to.value, **known)
