"""A recognizer's process that takes its time: `python -m tests.contract.slow_engine MODEL RATE THREADS`.

It answers one message after the other, each in 60 ms, and in 30 more with a partial result, which says
how much sound came.
"""

import os
import sys
import time

from core.child import Head, packed, read

_EACH_S, _PARTIAL_S = 0.06, 0.03


def main() -> None:
    """Serve until the parent goes away."""
    wire = os.fdopen(os.dup(1), "wb")
    wire.write(packed({"is": "ready"}))
    wire.flush()
    while (message := read(sys.stdin.buffer)) is not None:
        head, body = message
        if head["do"] not in {"audio", "finish"}:
            continue
        time.sleep(_EACH_S + _PARTIAL_S * head["partial"])
        answer: Head = {"is": "partial" if head["partial"] else "heard", "text": str(len(body))}
        if head["do"] == "finish":
            answer = {"is": "final", "heard": [{"text": "yes"}]}
        wire.write(packed(answer | {"hearing": head["hearing"], "n": head["n"]}))
        wire.flush()


if __name__ == "__main__":
    main()
