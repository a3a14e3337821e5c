"""How a gateway did, as the API shows it."""

from pydantic import BaseModel

from db.gateway_figures import GatewayFigures


class FeeOut(BaseModel):
    """What it kept of what it settled, in one currency."""

    currency: str
    fee_minor: int
    gross_minor: int


class GatewayDid(BaseModel):
    """`success` is the share of charges that were approved, null where there was none.

    `unanswered` counts those of which nothing was heard, or that never got there; `p95_s` is how long an
    answer took; `fees` come from settlement reports.
    """

    gateway: str
    asked: int
    approved: int
    declined: int
    unanswered: int
    success: float | None
    p95_s: float | None
    fees: list[FeeOut]

    @classmethod
    def of(cls, did: GatewayFigures) -> "GatewayDid":
        """What it did."""
        return cls(
            gateway=did.gateway,
            asked=did.asked,
            approved=did.approved,
            declined=did.declined,
            unanswered=did.unanswered,
            success=did.approved / did.asked if did.asked else None,
            p95_s=did.p95_s,
            fees=[FeeOut.model_validate(fee, from_attributes=True) for fee in did.fees],
        )
