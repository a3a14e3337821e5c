"""A line as it is wired, in a process of its own: no call comes, and its desk takes three payments."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import anyio

from core.clock import SystemClock
from core.ids import AccountId
from core.money import Money
from db.methods import StoredMethods
from dialplan.directory import Directory
from dialplan.read import read as read_exchange
from node.money_settings import PaymentsSettings
from node.settings import LineSettings, Settings, SwitchSettings
from node.wiring import Node, wire
from payments.brand import Brand
from payments.methods import MethodId, StoredCard
from payments.orders import Token
from payments.taken import Order, Paid, Taken
from tests.integration.payments.branch import keyed_in

EXAMPLE = Path(__file__).parents[3] / "dialplan" / "example.yaml"
MAESTRO = b"6759649826438453"
KEPT = StoredCard(
    MethodId("pm_1"),
    AccountId("acct_1"),
    Token("square_main", "cnon:card-nonce-ok"),
    Brand.VISA,
    "1111",
    datetime(2026, 11, 1, tzinfo=UTC),
)


async def main(url: str, stripe: str, authority: str, folder: str) -> None:
    """Say what came of each."""
    settings = Settings(
        line=LineSettings(data=Path(folder)),
        payments=PaymentsSettings(
            stripe_url=stripe,
            stripe_key="sk_test_1",
            stripe_ca=authority,
            accounts=f"{folder}/accounts.toml",
        ),
        switch=SwitchSettings(exchange=EXAMPLE),
    )
    node = wire(settings, url, Directory(read_exchange(EXAMPLE, {}).exchange))
    async with anyio.create_task_group() as group:
        await group.start(node.vault.run)
        await group.start(node.desk.run)
        for order in await orders(node):
            print(said(await node.desk.take(order)))  # noqa: T201 - the test reads it
        group.cancel_scope.cancel()
    for gateway in (node.gateway, *node.others):
        await gateway.close()
    await node.work.close()


async def orders(node: Node) -> list[Order]:
    """A card that Square keeps; one that only PayU's page takes; the same, of a currency that no page has."""
    await StoredMethods(node.work, SystemClock()).keep(KEPT)
    keyed = [(Money(12550, "INR"), "acct_2"), (Money(12550, "KWD"), "acct_3")]
    return [
        Order(Money(12550, "USD"), KEPT, AccountId("acct_1")),
        *(Order(amount, node.vault.seal(keyed_in(MAESTRO)), AccountId(name)) for amount, name in keyed),
    ]


def said(taken: Taken) -> str:
    """In a word, and where."""
    return f"paid at {taken.payment.gateway}" if isinstance(taken, Paid) else type(taken).__name__


if __name__ == "__main__":
    database, vendor, trusted, where = sys.argv[1:]
    anyio.run(main, database, vendor, trusted, where)
