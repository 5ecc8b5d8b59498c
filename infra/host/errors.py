"""What stops the set-up, in one line that a person can act on."""


class HostError(Exception):
    """Something is missing on this machine.

    :param what: what is missing or failed
    :param why: what was seen
    :param way_out: what the person can do about it
    """

    def __init__(self, what: str, why: str, way_out: str):
        super().__init__(f"{what}: {why}. Way out: {way_out}.")
