"""The first words on a new connection, said until Asterisk answers."""

from contextlib import suppress
from typing import Final

from core.errors import SwitchLost
from pbx.ari.rest import Rejected, Rest

_ANSWER_S: Final = 0.25
_WORDS: Final = 20


async def greet(rest: Rest) -> None:
    """Ping until there is an answer, be it a refusal; raises SwitchLost when all stays silent for 5 s.

    What reaches Asterisk in one packet with the opening of its outbound WebSocket lies unread until more
    follows, so the first word may have to be said twice.
    """
    for _ in range(_WORDS):
        with suppress(SwitchLost):
            await _ping(rest)
            return
    raise SwitchLost(f"Asterisk did not answer {_WORDS} pings in {_WORDS * _ANSWER_S:g} s")


async def _ping(rest: Rest) -> None:
    with suppress(Rejected):  # it still boots, and says so
        await rest.ask_within(_ANSWER_S, "GET", "asterisk", "ping")
