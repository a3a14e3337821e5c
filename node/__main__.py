"""The command line: `tellerline COMMAND`; each command is a file in `node.commands`."""

import gc
import importlib
import sys

import click

from core.errors import TellerlineError

# Name -> where the command lives; it is imported only when asked for, so that each starts at once.
_COMMANDS = {
    "run": "node.commands.run:run",
    "demo": "node.commands.demo:demo",
    "prove": "node.commands.prove:prove",
    "doctor": "node.commands.doctor:doctor",
    "migrate": "node.commands.migrate:migrate",
    "bills": "node.commands.bills:bills",
    "audit": "node.commands.audit:audit",
    "ledger": "node.commands.ledger:ledger",
    "jobs": "node.commands.jobs:jobs",
    "keys": "node.commands.keys:keys",
    "users": "node.commands.users:users",
    "api-keys": "node.commands.api_keys:api_keys",
    "erase": "node.commands.keys:erase",
    "requests": "node.commands.requests:requests",
    "links": "node.commands.links:links",
    "messages": "node.commands.messages:messages",
    "webhooks": "node.commands.webhooks:webhooks",
    "dialplan": "node.commands.dialplan:dialplan",
    "flows": "node.commands.flows:flows",
    "call": "node.commands.call:call",
    "rehearse": "node.commands.rehearse:rehearse",
    "sandbox": "node.commands.sandbox:sandbox",
    "models": "node.commands.models:models",
    "payments": "node.commands.payments:payments",
    "disputes": "node.commands.disputes:disputes",
    "intents": "node.commands.intents:intents",
    "settlement": "node.commands.settlement:settlement",
    "routing": "node.commands.routing:routing",
    "fraud": "node.commands.fraud:fraud",
    "version": "node.commands.version:version",
}
_MISTAKE = 2


class _Commands(click.Group):
    """A group that finds its commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        gc.disable()  # modules stay: looking for garbage among them is a sixth of the time that loading takes
        try:
            command: click.Command = getattr(importlib.import_module(module), name)
        finally:
            gc.enable()
        return command


@click.group(
    cls=_Commands,
    epilog="Begin with `tellerline demo`; `tellerline COMMAND --help` shows examples.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def tellerline() -> None:
    """A self-hosted phone line that talks, listens and takes payments."""


def main() -> None:
    """Run the command line; what went wrong is told in words and ends with 2."""
    try:
        tellerline(prog_name="tellerline")
    except TellerlineError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(_MISTAKE)


if __name__ == "__main__":
    main()
