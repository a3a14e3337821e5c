"""The flows that an admin may give to a number."""

from collections.abc import Mapping

from ivr.flows.for_application import for_application
from ivr.flows.front_desk import front_desk
from ivr.flows.pay_bill import pay_bill
from ivr.flows.speak_to_agent import speak_to_agent
from ivr.services import Flow

FLOWS: Mapping[str, Flow] = {
    "front_desk": front_desk,
    "pay_bill": pay_bill,
    "speak_to_agent": speak_to_agent,
    "for_application": for_application,
}
