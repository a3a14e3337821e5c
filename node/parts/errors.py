"""What can go wrong with the outside programs.

TellerlineError
├── OutOfReach
│   ├── NotFetched      the packages could not be brought here
│   ├── PartMissing     a program is neither on the machine nor among the parts
│   └── NotStarted      a program did not come up; the message ends with its last words
└── Refused
    └── StillRunning    another process of ours holds the same folder
"""

from core.errors import OutOfReach, Refused


class NotFetched(OutOfReach):
    """The packages could not be brought here; what was there before is untouched."""


class PartMissing(OutOfReach):
    """A program is neither on the machine nor among the parts."""


class NotStarted(OutOfReach):
    """A program did not come up; the message ends with its last words."""


class StillRunning(Refused):
    """Another process of ours holds the same folder."""
