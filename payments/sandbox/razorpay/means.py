"""What payers pay with in Razorpay's sandbox: cards, UPI addresses and mandates, and what becomes of each.

https://razorpay.com/docs/payments/payments/test-card-details/, test-upi-details/. Its test page asks whether
to fail; here means that begin with a reason are refused for it: `insufficient_funds@razorpay`.
"""

from typing import Final

CARDS: Final = ("4111111111111111", "5267318187975449", "5104060000000008")
GOOD: Final = ("success@razorpay", *CARDS)
BAD: Final = ("failure@razorpay", "insufficient_funds@razorpay", "payment_risk_check_failed@razorpay")

CUSTOMER: Final = "cust_sandbox"
GOOD_TOKEN: Final = "token_ok"  # noqa: S105 - a test mandate
DISPUTED_TOKEN: Final = "token_disputed"  # noqa: S105 - a test mandate
REFUSING: Final = "token_refused_"
"""Mandates that are refused: what follows is the reason."""


def reason_of(by: str) -> str | None:
    """Why a card or a UPI address is refused; empty for one that is not, None for what is neither."""
    if by in CARDS or by == "success@razorpay":
        return ""
    name, _, bank = by.partition("@")
    if bank != "razorpay":
        return "" if by.isdigit() and len(by) >= 12 else None
    return "payment_failed" if name == "failure" else name
