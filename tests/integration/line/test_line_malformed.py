"""SIPp calls the line with messages that are wrong in one way each; afterwards a caller pays as ever."""

from pathlib import Path

import anyio
import pytest

from node.parts.folder import local_folder
from node.parts.program import Part, find
from node.stack.ports import HOST
from tests.integration.line.malformed import MALFORMED
from tests.integration.line.rig import PAID_ONCE, Rig
from tests.integration.line.scripts import pays

pytestmark = [pytest.mark.anyio, pytest.mark.integration]

_TIMES = 3
_SCENARIO = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="{name}">
  <send><![CDATA[
{message}
]]></send>
  <pause milliseconds="300"/>
</scenario>
"""


@pytest.mark.parametrize("transport", ["u1", "t1"])
async def test_malformed_messages_disturb_nobody(line: Rig, transport: str, tmp_path: Path) -> None:
    for name, message in MALFORMED.items():
        with anyio.fail_after(60):
            while not await _sent(line, transport, tmp_path, name, message):
                pass  # a connection that takes its time makes SIPp end without a word sent
    account = await line.bill()
    await line.rehearse(pays(account))
    await line.settled(account, PAID_ONCE)
    await line.until_ready(90)
    await line.channels(0)
    assert not [entry for entry in line.log() if entry["level"] in {"error", "critical"}]


async def _sent(line: Rig, transport: str, folder: Path, name: str, message: str) -> bool:
    """Send it a few times; whether it went out, by SIPp's own trace."""
    scenario, trace = folder / f"{name}.xml", folder / f"{name}.trace"
    scenario.write_text(_SCENARIO.format(name=name, message=message.rstrip("\n") + "\n"))
    argv = find(Part.SIPP, local_folder()).argv(
        f"{HOST}:{line.stack.ports.sip}",
        *("-i", HOST, "-sf", str(scenario), "-t", transport),
        *("-m", str(_TIMES), "-r", "20", "-nostdin", "-nd", "-timeout", "10s"),
        *("-trace_msg", "-message_file", str(trace)),
    )
    await anyio.run_process(argv, check=False, env={"TERM": "dumb"})
    return "message sent" in trace.read_text(errors="replace")
