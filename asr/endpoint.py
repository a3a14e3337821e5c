"""When somebody begins to speak, and when they have finished: no clock and no engine, only frames."""

from dataclasses import dataclass

from asr.vad import FRAME_S


@dataclass(frozen=True, slots=True)
class Manner:
    """How voice is told from noise. Probabilities as a detector gives them, durations in seconds.

    Voice begins at `begins_at` and goes on down to `goes_on_at`; what is shorter than `shortest_s` was a
    noise. `interrupts_s` of voice stop a prompt. Nobody speaks longer than `longest_s`.
    """

    begins_at: float = 0.5
    goes_on_at: float = 0.35
    shortest_s: float = 0.09
    interrupts_s: float = 0.09
    longest_s: float = 30.0


class Endpoint:
    """One turn of one caller, fed frame by frame."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._voice_s = 0.0
        self.spoken_s = 0.0
        self.silent_s = 0.0
        self.turn_s = 0.0

    @property
    def spoke(self) -> bool:
        """Whether there was more than a noise."""
        return self.spoken_s >= self._manner.shortest_s

    @property
    def interrupts(self) -> bool:
        """Whether enough was said without a break to stop what the line says."""
        return self._voice_s >= self._manner.interrupts_s

    def hear(self, probability: float) -> None:
        """The next 32 ms."""
        manner = self._manner
        if probability >= (manner.goes_on_at if self._voice_s else manner.begins_at):
            self._voice_s += FRAME_S
            self.spoken_s += FRAME_S
            self.silent_s = 0.0
        else:
            self._voice_s = 0.0
            self.silent_s += FRAME_S
            if not self.spoke:
                self.spoken_s = 0.0
        self.turn_s = self.turn_s + FRAME_S if self.spoken_s else 0.0

    def over(self, patience_s: float) -> bool:
        """Whether the turn is over: somebody spoke, and has been silent that long, or talks for ever."""
        return self.spoke and (self.silent_s >= patience_s or self.turn_s >= self._manner.longest_s)
