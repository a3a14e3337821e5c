"""Who reads the settlement reports of a gateway, by the name that the settings give it."""

import os
from pathlib import Path

from core.errors import BadInput
from node.accounts import read as read_accounts
from node.gateways import PROCESSORS
from node.money_settings import PaymentsSettings
from payments.gateways.sandbox import report as sandbox_report
from payments.mistakes import UnknownGateway
from payments.processor import Processor, Reader


def reader_of(gateway: str, settings: PaymentsSettings) -> Reader:
    """The reader of an account's reports; `sandbox` is the one inside the process.

    Raises UnknownGateway, and BadInput for a processor whose reports nobody here can read.
    """
    if gateway == "sandbox":
        return sandbox_report.read
    processor = _processors(settings).get(gateway)
    if processor is None:
        raise UnknownGateway(gateway)
    if processor.report is None:
        raise BadInput(f"the settlement reports of {processor.vendor} cannot be read here")
    return processor.report


def _processors(settings: PaymentsSettings) -> dict[str, Processor]:
    named: dict[str, Processor] = {settings.gateway: PROCESSORS["stripe"]}
    if settings.accounts:
        accounts = read_accounts(Path(settings.accounts), os.environ, PROCESSORS)
        named |= {account.name: processor for processor, account in accounts}
    return named
