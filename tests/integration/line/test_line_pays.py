"""Bills are paid on a whole line: by every kind of keys, and the card stands nowhere afterwards."""

import pytest

from node.demo.search import search
from rehearsal.script import Dtmf
from tests.integration.line.rig import PAID_ONCE, Rig
from tests.integration.line.scripts import pays, pays_known

pytestmark = [pytest.mark.anyio, pytest.mark.integration]


@pytest.mark.parametrize("dtmf", Dtmf)
async def test_a_bill_is_paid_by_keys_of_every_kind(line: Rig, dtmf: Dtmf) -> None:
    account = await line.bill()
    await line.rehearse(pays(account, dtmf=dtmf))
    await line.settled(account, PAID_ONCE)


async def test_a_bill_is_found_by_the_number_of_its_caller(line: Rig) -> None:
    caller = line.number()
    account = await line.bill((caller,))
    await line.rehearse(pays_known(caller))
    await line.settled(account, PAID_ONCE)


async def test_a_card_stands_in_no_file_after_it_was_charged(line: Rig) -> None:
    account = await line.bill()
    played = await line.rehearse(pays(account, card="random"))
    await line.settled(account, PAID_ONCE)
    [card] = played.cards
    searched = search(line.stack.folder, card)
    assert searched.files > 100
    assert not searched.found
    planted = line.stack.folder / "planted.log"
    planted.write_text(f"the card is {card}\n")
    assert search(line.stack.folder, card).found == (planted,)
