"""What the handles of one Asterisk share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOG_LEVELS: Final = frozenset({"NOTICE", "WARNING", "ERROR", "SECURITY"})


@dataclass(frozen=True, slots=True)
class Site:
    """How one Asterisk is set up for us.

    `app` is our Stasis application; `endpoint` gives the dial string of an extension or number
    (`PJSIP/201`); `recordings` is Asterisk's own folder for them (`astspooldir/recording`);
    `transfer_context` the dialplan's context that dials whom a call is transferred to, and that hands the
    call back by `Stasis(app,transfer=failed,cause=${HANGUPCAUSE})` when they cannot be reached. No card is
    entered while Asterisk's log takes other levels than `log_levels`, and never while it takes DTMF.
    """

    app: str
    endpoint: Callable[[str], str]
    recordings: Path
    transfer_context: str = "tellerline-transfer"
    media_client: str = "tellerline-media"
    loss_grace_s: float = 10.0
    log_levels: frozenset[str] = LOG_LEVELS
