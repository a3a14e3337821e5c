"""Models that somebody brought to this machine: the bench measures with them too, beside the test pack's."""

from pathlib import Path

from node.settings import HearingSettings


def own_models() -> Path | None:
    """The folder that a line looks into, None where no recognizer is in it."""
    folder = HearingSettings().models.absolute()
    return folder if any(folder.glob("vosk-*")) else None
