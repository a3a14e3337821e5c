"""extensions.conf: what happens to a call before the controller has it, after it, and without it.

`tellerline-in`        calls of trunks: the line's own numbers, each to its flow
`tellerline-dial`      whom one can dial: extensions, queues, numbers by trunk, the line's own numbers
`tellerline-transfer`  the same for calls that a flow sent on; who reaches nobody goes back to the controller
`tellerline-phones`    what a phone in the house may dial
`tellerline-told`      tells a phone which call it rings for, where there is one (`__TELLERLINE_CALL`)
`tellerline-fallback`  what a caller gets when no controller answers
"""

from collections.abc import Iterator, Sequence

from dialplan.conf import section, steps
from dialplan.exchange import Exchange, Fallback, Number, Trunk

_NO_CONTROLLER = '$["${STASISSTATUS}" = "FAILED"]'
_NOT_TAKEN = '$["${DIALSTATUS}" = "CHANUNAVAIL" | "${DIALSTATUS}" = "CONGESTION"]'
_TRUNK_RING_S = 60
_TOLD = "b(tellerline-told^told^1)"
_TELL = (
    'ExecIf($["${TELLERLINE_CALL}" != ""]?Set(PJSIP_HEADER(add,X-Tellerline-Call)=${TELLERLINE_CALL}))',
    "Return()",
)
_HANG_UP = ("Hangup(${HANGUPCAUSE})",)
_GIVE_BACK = (
    'ExecIf($["${DIALSTATUS}" != "ANSWER"]?Stasis(tellerline,transfer=failed,cause=${HANGUPCAUSE}))',
    "Hangup()",
)


def extensions(exchange: Exchange, fingerprint: str, fragments: Sequence[str]) -> list[str]:
    """The file's lines; `fingerprint` lets a running Asterisk tell which rendering it has."""
    lines = section("general", [("static", True), ("writeprotect", True), ("autofallthrough", True)])
    lines += section("globals", [("TELLERLINE_RENDERED", fingerprint)])
    lines += ["[tellerline-in]", *_numbers(exchange), ""]
    lines += ["[tellerline-dial]", *_dialed(exchange, _HANG_UP), ""]
    lines += ["[tellerline-transfer]", *_dialed(exchange, _GIVE_BACK), ""]
    lines += ["[tellerline-phones]", "include => tellerline-dial", ""]
    lines += ["[tellerline-told]", *steps("told", _TELL, "extensions"), ""]
    lines += ["[tellerline-fallback]", *_fallback(exchange.fallback), ""]
    return lines + [f'#include "{fragment}"' for fragment in fragments]


def _numbers(exchange: Exchange) -> Iterator[str]:
    for number, entry in exchange.numbers.items():
        source = f"numbers.{number}"
        yield from steps(number, _to_flow(exchange, number, entry), source)
        for spelling in entry.also:
            yield from steps(spelling, [f"Goto({number},1)"], f"{source}.also")


def _to_flow(exchange: Exchange, number: str, entry: Number) -> list[str]:
    record = ",record=yes" if entry.record else ""
    language = f",language={entry.language.replace('_', '-')}" if entry.language else ""
    return [
        f"Set(CHANNEL(language)={entry.language or exchange.language})",
        f"Stasis(tellerline,flow={entry.flow},number={number}{record}{language})",
        f"GotoIf({_NO_CONTROLLER}?tellerline-fallback,fallback,1)",
        "Hangup()",
    ]


def _dialed(exchange: Exchange, after: Sequence[str]) -> Iterator[str]:
    yield from _inside(exchange, after)
    yield from _outside(exchange.trunks, after)
    yield "include => tellerline-in"


def _inside(exchange: Exchange, after: Sequence[str]) -> Iterator[str]:
    for extension, phone in exchange.extensions.items():
        dial = [f"Dial(PJSIP/{extension},{phone.ring_s},{_TOLD})", *after]
        yield from steps(extension, dial, f"extensions.{extension}")
    for name, queue in exchange.queues.items():
        wait = ["Answer()", f"Queue({name},{_TOLD},,,{queue.wait_s})", "Hangup()"]
        yield from steps(name, wait, f"queues.{name}")


def _outside(trunks: dict[str, Trunk], after: Sequence[str]) -> Iterator[str]:
    for name, trunk in trunks.items():
        shown = [f"Set(CALLERID(num)={trunk.caller_id})"] if trunk.caller_id else []
        dial = [
            f"Dial(PJSIP/${{EXTEN}}@{name},{_TRUNK_RING_S})",
            *_second_try(trunk),
            *after,
        ]
        for prefix in trunk.dials:
            yield from steps(f"_{prefix}X.", [*shown, *dial], f"trunks.{name}.dials")


def _second_try(trunk: Trunk) -> list[str]:
    if trunk.backup is None:
        return []
    dial = f"Dial(PJSIP/${{EXTEN}}@{trunk.backup},{_TRUNK_RING_S})"
    return [f"ExecIf({_NOT_TAKEN}?{dial})"]


def _fallback(fallback: Fallback) -> list[str]:
    said = [f"Playback({'&'.join(fallback.say)})"] if fallback.say else []
    then = f"Goto(tellerline-dial,{fallback.then},1)" if fallback.then else "Hangup()"
    return steps("fallback", ["Answer()", *said, then], "fallback")
