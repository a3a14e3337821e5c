"""A caller who answers what the line asks, and answers again when it asks again."""

from collections.abc import Awaitable, Callable, Mapping

import anyio

from tests.integration.line.raw_caller import RawCaller
from tests.integration.line.rig import Rig

Answer = Callable[[str], Awaitable[None]]
"""Given what was said, it does what the caller does."""

_LOOK_S = 0.1


async def answer_all(
    line: Rig, caller: str, phone: RawCaller, answers: Mapping[str, Answer], within_s: float
) -> None:
    """Answer the prompts of these names, each time that one was said, until the line ends the call."""
    done, texts = 0, dict[str, str]()
    with anyio.fail_after(within_s):
        while not phone.over.is_set():
            for fact in (await line.facts(caller))[done:]:
                done += 1
                about = fact["body"]
                if fact["kind"] == "said":
                    texts[about["prompt"]] = about["text"]
                elif fact["kind"] == "said_all" and about["prompt"] in answers:
                    await answers[about["prompt"]](texts.get(about["prompt"], ""))
            await anyio.sleep(_LOOK_S)


def saying(phone: RawCaller, coded: bytes) -> Answer:
    """Say it, u-law at 8 kHz."""

    async def answer(_: str) -> None:
        await phone.say(coded)

    return answer


def keying(phone: RawCaller, keys: str) -> Answer:
    """Key it in."""

    async def answer(_: str) -> None:
        await phone.press(keys)

    return answer


def agreeing_to(phone: RawCaller, wanted: str, yes: bytes, no: bytes) -> Answer:
    """A yes to what reads back what was wanted, and a no to everything else."""

    async def answer(text: str) -> None:
        await phone.say(yes if wanted in text else no)

    return answer
