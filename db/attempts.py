"""Attempts to pay, as rows: what was asked, and what was decided about it and why."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ids import AttemptId
from db.payment_rows import payment_of
from db.tables import attempts, payments
from payments.attempt import Attempt
from payments.store import Repeated


async def insert_attempt(tx: AsyncConnection, attempt: Attempt) -> bool:
    """Write it down; False when its key, or it itself, stands there already."""
    new = insert(attempts).values(row_of(attempt)).on_conflict_do_nothing().returning(attempts.c.id)
    return (await tx.execute(new)).first() is not None


async def repeated(tx: AsyncConnection, key: str) -> Repeated | None:
    """What a key was used for, with the last payment that it led to."""
    found = (await tx.execute(select(attempts.c.id, attempts.c.digest).where(attempts.c.key == key))).first()
    if found is None:
        return None
    newest = select(payments).where(payments.c.attempt == found.id).order_by(payments.c.id.desc()).limit(1)
    row = (await tx.execute(newest)).mappings().first()
    return Repeated(AttemptId(found.id), found.digest, payment_of(row) if row is not None else None)


def row_of(attempt: Attempt) -> dict[str, object]:
    """The row of an attempt."""
    purchase, verdict, route = attempt.purchase, attempt.verdict, attempt.route
    return {
        "id": attempt.id,
        "key": attempt.key,
        "digest": attempt.digest,
        "call": purchase.call,
        "account": purchase.account,
        "amount_minor": purchase.amount.minor,
        "currency": purchase.amount.currency,
        "method": purchase.method.value,
        "fingerprint": purchase.fingerprint,
        "risk": {
            "decision": verdict.decision.value,
            "score": verdict.score,
            "reasons": list(verdict.reasons),
            "model": verdict.model,
        },
        "route": {
            "policy": route.policy,
            "choices": [
                {"gateway": choice.gateway.name, "reasons": list(choice.reasons)} for choice in route.choices
            ],
            "passed": [{"gateway": one.gateway, "reason": one.reason} for one in route.passed],
        },
        "at": purchase.at,
    }
