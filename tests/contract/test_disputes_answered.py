"""Our side of a dispute, at each vendor that takes it: handed in, given up, refused, and unanswered."""

from collections.abc import AsyncIterator

import pytest

from core.certificate import Certificate, certificate_in
from payments.gateway import CONTEST, PURCHASE
from payments.orders import EvidenceOrder
from payments.outcome import Approved, DeclineCode, Declined, NotAttempted
from tests.contract.benches.bench import EmulatedBench
from tests.contract.benches.vendors import VENDORS

pytestmark = pytest.mark.anyio

_STATES = {
    "stripe": ("under_review", "lost"),
    "braintree": ("disputed", "accepted"),
    "paypal": ("UNDER_REVIEW", "RESOLVED"),
    "square": ("PROCESSING", "ACCEPTED"),
}
_TEXT = "Paid by telephone on 3 March; the caller keyed the card in. Receipt 12345678 <&>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate_in(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=sorted(_STATES))
async def bench(certificate: Certificate, request: pytest.FixtureRequest) -> AsyncIterator[EmulatedBench]:
    async with VENDORS[request.param].open(certificate) as opened:
        assert isinstance(opened, EmulatedBench)
        yield opened


async def disputed(bench: EmulatedBench) -> str:
    """The vendor's id of a dispute that was just opened."""
    order = await bench.charge(bench.disputed)
    assert isinstance(await bench.doing(PURCHASE).purchase(order), Approved)
    (made,) = bench.emulator.books.listed("dispute")
    return str(made["id"])


def state_of(bench: EmulatedBench, dispute: str) -> str:
    made = bench.emulator.books.objects[dispute]
    return str(made.get("status") or made["state"])


def test_every_vendor_that_takes_answers_is_tried() -> None:
    able = {name for name, vendor in VENDORS.items() if CONTEST.can in vendor.capabilities.can}
    assert able == {*_STATES, "sandbox"}


async def test_evidence_is_handed_in_and_read_by_the_vendor(bench: EmulatedBench) -> None:
    dispute = await disputed(bench)
    said = await bench.doing(CONTEST).contest(EvidenceOrder(dispute, _TEXT, "key_1"))
    assert said == Approved(dispute)
    assert state_of(bench, dispute) == _STATES[bench.gateway.name][0]
    assert any(_TEXT in str(list(made.values())) for made in bench.emulator.books.objects.values())


async def test_a_dispute_is_given_up(bench: EmulatedBench) -> None:
    dispute = await disputed(bench)
    assert await bench.doing(CONTEST).concede(dispute, "key_1") == Approved(dispute)
    assert state_of(bench, dispute) == _STATES[bench.gateway.name][1]


async def test_evidence_after_giving_up_is_refused(bench: EmulatedBench) -> None:
    dispute = await disputed(bench)
    await bench.doing(CONTEST).concede(dispute, "key_1")
    said = await bench.doing(CONTEST).contest(EvidenceOrder(dispute, _TEXT, "key_2"))
    assert isinstance(said, Declined)
    assert (said.code, said.ref) == (DeclineCode.NOT_SUPPORTED, dispute)


async def test_a_dispute_that_the_vendor_does_not_know_is_refused(bench: EmulatedBench) -> None:
    said = await bench.doing(CONTEST).concede("dp_nobody", "key_1")
    assert isinstance(said, Declined)


async def test_a_vendor_out_of_reach_heard_nothing(bench: EmulatedBench) -> None:
    dispute = await disputed(bench)
    await bench.go_away()
    said = await bench.doing(CONTEST).contest(EvidenceOrder(dispute, _TEXT, "key_1"))
    assert isinstance(said, NotAttempted), said
