"""What the builder tells the tool."""

import json
import sys

from environment_lifetime import Stopped


class BuildFault(Exception):
    """An expected fault. Reasons: "pip" and "uv" (their log says what), "no-pip", "unlockable"."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


def say(event, **fields):
    """Prints one event as a line of JSON."""
    try:
        sys.stdout.write(json.dumps(dict(fields, event=event)) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise Stopped("Nobody listens any more.") from None
