"""The parts of one Asterisk that its calls have in common."""

from dataclasses import dataclass

from pbx.ari.bystanders import Bystanders
from pbx.ari.door import MediaDoor
from pbx.ari.rest import Rest
from pbx.ari.router import Router
from pbx.ari.site import Site


@dataclass(frozen=True, slots=True)
class Shared:
    """How Asterisk is asked, where its events go, how it is set up, and who else listens."""

    rest: Rest
    router: Router
    site: Site
    door: MediaDoor
    bystanders: Bystanders
