"""The tree of errors: what broke, as the reader of a log or a screen meets it.

TellerlineError
├── BadInput            something that a person wrote is wrong; the message says where and how to mend it
├── OutOfReach          another program (switch, database, gateway, voice) does not answer
│   ├── SwitchLost      the telephone switch
│   ├── StoreLost       the database
│   ├── VoiceLost       a speech engine
│   └── HearingLost     a speech recognizer
├── Refused             another program answered, and said no
│   └── Outdated        what was to be changed was changed meanwhile
├── CannotKeepSecret    there is no safe place for card data, so none is taken
└── CallGone            the call ended while something was asked of it

Expected outcomes (declined, busy, no input) are values, not errors.
"""


class TellerlineError(Exception):
    """The root: whoever catches this catches all that is ours."""


class BadInput(TellerlineError):
    """Something that a person wrote is wrong; nothing was changed."""


class OutOfReach(TellerlineError):
    """Another program does not answer; trying again later may work."""


class SwitchLost(OutOfReach):
    """The telephone switch does not answer."""


class StoreLost(OutOfReach):
    """The database does not answer; nothing was written."""


class VoiceLost(OutOfReach):
    """A speech engine does not answer."""


class HearingLost(OutOfReach):
    """A speech recognizer does not answer."""


class Refused(TellerlineError):
    """Another program answered, and said no."""


class Outdated(Refused):
    """What was to be changed was changed by somebody else meanwhile."""


class CannotKeepSecret(TellerlineError):
    """There is no safe place for card data, so none is taken."""


class CallGone(TellerlineError):
    """The call ended while something was asked of it."""
