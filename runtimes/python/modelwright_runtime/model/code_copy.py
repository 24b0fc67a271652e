"""Where the code that runs was copied from: people know the original, not the copy."""

import os

_copied_below = None


def set_copied_below(folder):
    """The folder in which the copy has the original's absolute path, or None."""
    global _copied_below
    _copied_below = folder


def in_original_places(text):
    """The text with the paths of the original in place of those of the copy."""
    return text if _copied_below is None else text.replace(_copied_below + os.sep, os.sep)
