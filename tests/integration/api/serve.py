"""The whole API as a process of its own: `python -m tests.integration.api.serve DATABASE_URL FOLDER`.

It prints its port once it listens, and serves until it is ended.
"""

import sys
from pathlib import Path

import anyio

from db.engine import Work
from tests.integration.api.rig import open_api


async def main(url: str, folder: Path) -> None:
    """Serve until ended."""
    async with open_api(Work(url), url, folder) as api:
        sys.stdout.write(f"{api.client.port}\n")
        sys.stdout.flush()
        await anyio.sleep_forever()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], Path(sys.argv[2]), backend_options={"use_uvloop": True})
