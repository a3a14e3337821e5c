"""Every page of the dashboard, by its name and address."""

from tests.integration.web.seed import Seeded
from tests.integration.web.seed_books import BATCH
from tests.integration.web.seed_words import FLOW


def addresses(seeded: Seeded) -> dict[str, str]:
    """What is shown to somebody who is signed in."""
    plain = (
        "live calls agent phone analytics payments disputes fraud methods links routing ledger settlements "
        "numbers flows prompts messages webhooks users keys audit health account"
    )
    tabs = {
        "fraud-lists": "/fraud?tab=lists",
        "ledger-balances": "/ledger?tab=balances",
        "templates": "/messages?tab=templates",
        "deliveries": "/webhooks?tab=deliveries",
    }
    return {
        **{name: f"/{name}" for name in plain.split()},
        "flow": f"/flows/{FLOW}",
        **tabs,
        "settlement": f"/settlements/sandbox/{BATCH}",
        "call": f"/calls/{seeded.call}",
        "payment": f"/payments/{seeded.payment}",
    }
