"""Every page of the dashboard, by its name and address."""

from tests.integration.web.seed import Seeded


def addresses(seeded: Seeded) -> dict[str, str]:
    """What is shown to somebody who is signed in."""
    plain = (
        "live calls agent phone analytics payments disputes fraud links routing ledger numbers flows prompts "
        "messages webhooks users keys audit health account"
    )
    return {
        **{name: f"/{name}" for name in plain.split()},
        "flow": "/flows/new",
        "call": f"/calls/{seeded.call}",
        "payment": f"/payments/{seeded.payment}",
    }
