"""A gateway's settlement reports, by the name that the settings give it: who reads them, and fetching one."""

import os
from datetime import date
from pathlib import Path
from typing import Final

from core.clock import SystemClock
from core.errors import BadInput, OutOfReach
from node.accounts import read as read_accounts
from node.gateways import PROCESSORS, further_gateways, main_gateway
from node.money_settings import PaymentsSettings
from payments.asking import asked
from payments.gateway import FETCH_REPORT
from payments.gateways.sandbox import report as sandbox_report
from payments.mistakes import CannotDo, UnknownGateway
from payments.processor import Processor, Reader

_WITHIN_S: Final = 600.0


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


async def fetched(gateway: str, day: date, settings: PaymentsSettings) -> bytes:
    """What the gateway settled on a day, as its `reader_of` reads it.

    Raises UnknownGateway, CannotDo for one that is not asked for reports, OutOfReach when it does not tell.
    """
    opened = [*further_gateways(settings, SystemClock()), main_gateway(settings)]
    try:
        found = next((one for one in opened if one.name == gateway), None)
        if found is None:
            raise UnknownGateway(gateway)
        asks = FETCH_REPORT.of(found)
        if asks is None:
            raise CannotDo(f"{gateway} hands out no report: download it there, and use `settlement import`")
        report = await asked(asks, lambda: asks.fetch_report(day), _WITHIN_S)
    finally:
        for one in opened:
            await one.close()
    if not isinstance(report, bytes):
        raise OutOfReach(f"{gateway} did not tell what it settled on {day}: {report.why}")
    return report


def _processors(settings: PaymentsSettings) -> dict[str, Processor]:
    named: dict[str, Processor] = {settings.gateway: PROCESSORS["stripe"]}
    if settings.accounts:
        accounts = read_accounts(Path(settings.accounts), os.environ, PROCESSORS)
        named |= {account.name: processor for processor, account in accounts}
    return named
