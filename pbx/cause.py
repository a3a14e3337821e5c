"""Why a call ended, by the numbers of ITU-T Q.850 that every exchange understands."""

from enum import IntEnum


class Cause(IntEnum):
    """A release cause (ITU-T Q.850 table 1); the comment gives the SIP answer it meets (RFC 3398)."""

    UNKNOWN = 0
    NOT_FOUND = 1  # 404
    NORMAL = 16  # BYE
    BUSY = 17  # 486
    NO_USER = 18  # 408
    NO_ANSWER = 19  # 480
    REJECTED = 21  # 603
    UNREACHABLE = 27  # 502
    CONGESTION = 34  # 503
    NETWORK_LOST = 38  # the switch itself went away
    TEMPORARY = 41  # 500
    INTERWORKING = 127

    @classmethod
    def of(cls, number: int) -> "Cause":
        """The cause of that number; UNKNOWN for one that is not listed here."""
        return cls(number) if number in cls._value2member_map_ else cls.UNKNOWN
