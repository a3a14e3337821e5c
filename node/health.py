"""Whether the line may be given calls: the switch, the database, and whether it is about to stop."""

import anyio

from api.services import PartHealth
from core.errors import StoreLost
from db.engine import Work
from ivr.runner import Runner
from pbx.switch import Switch

_ASK_S = 2.0


class Health:
    """Asks each part, all at once."""

    def __init__(self, switch: Switch, work: Work, runner: Runner) -> None:
        self._switch, self._work, self._runner = switch, work, runner

    async def look(self) -> list[PartHealth]:
        """How each part is now; answers within about 2 seconds."""
        found: list[PartHealth] = []
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._look_at_switch, found)
            tasks.start_soon(self._look_at_database, found)
        about = "draining: takes no new calls" if self._runner.draining else f"{self._runner.calls} calls up"
        return [
            *sorted(found, key=lambda part: part.name),
            PartHealth("line", not self._runner.draining, about),
        ]

    async def _look_at_switch(self, found: list[PartHealth]) -> None:
        health = await self._switch.health()
        found.append(PartHealth("switch", health.up, health.about))

    async def _look_at_database(self, found: list[PartHealth]) -> None:
        try:
            async with self._work.begin(within_s=_ASK_S):
                found.append(PartHealth("database", True, "answers"))
        except StoreLost as lost:
            found.append(PartHealth("database", False, str(lost)))
