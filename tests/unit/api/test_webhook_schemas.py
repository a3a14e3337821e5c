"""What webhooks carry is what the document says."""

import pytest

from api.openapi import document
from api.webhook_out import data_of
from core.events import CallEnded, CallHandedOver, CallStarted, Fact, LinkMoved, PaymentMoved
from core.ids import CallId, PaymentId
from payments.webhooks.topics import TOPICS, told

_CALL = CallId("call_1")


@pytest.mark.parametrize(
    "fact",
    [
        CallStarted(_CALL, "1000", "+15550101", "pay_bill"),
        CallEnded(_CALL, "paid", "normal", 61.5),
        CallHandedOver(_CALL, "201", "joined"),
        PaymentMoved(None, PaymentId("pay_1"), "captured", 100, "USD", "sandbox", ""),
        LinkMoved(_CALL, "link_1", "paid", 100, "USD", "pay_1"),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_what_is_told_of_a_fact_fits_its_schema_and_has_nothing_beside_it(fact: Fact) -> None:
    event = told(fact)
    assert event is not None
    topic, data = event
    data_of(topic).model_validate(dict(data))


def test_every_topic_stands_in_the_document() -> None:
    assert set(document([])["webhooks"]) == set(TOPICS)
