"""The report that an operator hands to an assessor: one HTML file that needs nothing else and prints well."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from node.prove.canary import WINDOW
from node.prove.goertzel import LONGEST_CHANCE
from node.prove.line import DEBUG, KEY_WRITERS, VERBOSE
from node.prove.memory import LEFT_READABLE
from node.prove.result import Proof
from node.prove.scenarios import WAYS
from node.prove.show import sentence
from rehearsal.script import Dtmf

_MOST_LEAKS = 100


def html(proof: Proof, key: str) -> str:
    """The report of a proof; `key` is the public key that it will be signed for, in base64."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    calls = {(call.way, call.dtmf): call for call in proof.calls}
    return environment.get_template("report.html.j2").render(
        proof=proof,
        sentence=sentence(proof),
        calls=calls,
        ways=[way.name for way in WAYS],
        modes=[mode.value for mode in Dtmf],
        key=key,
        window=WINDOW,
        longest_chance=LONGEST_CHANCE,
        verbose=VERBOSE,
        debug=DEBUG,
        key_writers=KEY_WRITERS,
        most=_MOST_LEAKS,
        left_readable=any(LEFT_READABLE in place.place for place in proof.searched),
        megabytes=sum(place.size_bytes for place in proof.searched) / 1e6,
    )
