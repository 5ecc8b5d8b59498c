"""What cannot be done, told to the person at the command line."""

from __future__ import annotations


class Refused(Exception):
    """One sentence: what is wrong, and what to do."""
