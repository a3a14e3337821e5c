"""CCAvenue's form goes through the payer's browser, and its encryption keeps nobody from changing it."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from core.certificate import Certificate, certificate_in
from core.money import Money
from payments.gateway import LINK
from payments.gateways.ccavenue.secrecy import decrypted, encrypted
from payments.orders import Page
from payments.outcome import Approved
from payments.sandbox.ccavenue.dialect import WORKING_KEY
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.payer import payer
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize(("asked", "taken"), [("125.50", 12550), ("1.50", 150)])
async def test_what_was_really_taken_is_told(certificate: Certificate, asked: str, taken: int) -> None:
    async with VENDORS["ccavenue"].open(certificate) as bench, payer(certificate) as somebody:
        assert isinstance(bench, EmulatedBench)
        order = bench.page_order()
        page = await bench.doing(LINK).link(order)
        assert isinstance(page, Page)
        fields = dict(parse_qsl(decrypted(page.form["encRequest"], WORKING_KEY)))
        changed = encrypted(urlencode(fields | {"amount": asked}), WORKING_KEY)
        await somebody.pay(replace(page, form={**page.form, "encRequest": changed}))
        outcome = await bench.gateway.lookup(order.payment)
        assert isinstance(outcome, Approved)
        assert outcome.amount == Money(taken, "INR")
