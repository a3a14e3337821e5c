"""What the settings say of unanswered payments reaches the reconciler."""

import pytest

from core.errors import BadInput
from node.settings import read
from node.wiring import patience_of


def test_each_setting_of_the_reconciler_is_heeded() -> None:
    environ = {
        "TELLERLINE_PAYMENTS_RECONCILE_EVERY_S": "2",
        "TELLERLINE_PAYMENTS_RECONCILE_AFTER_S": "30",
        "TELLERLINE_PAYMENTS_RECONCILE_GRACE_S": "120",
    }
    patience = patience_of(read(None, environ).payments)
    assert (patience.every_s, patience.untouched_s, patience.grace_s) == (2.0, 30.0, 120.0)


def test_a_gateway_is_not_believed_while_a_charge_may_still_arrive() -> None:
    with pytest.raises(BadInput, match=r"RECONCILE_GRACE_S.*at least 60"):
        read(None, {"TELLERLINE_PAYMENTS_RECONCILE_GRACE_S": "59"})
