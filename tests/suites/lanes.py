"""Work that is done side by side, and ends with the program."""

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

Task = TypeVar("Task")


def side_by_side(do: Callable[[Task], None], tasks: Iterable[Task]) -> None:
    """Do each task in a thread of its own, and wait for all.

    They do not outlive the main thread: who breaks the program off does not wait.
    """
    threads = [threading.Thread(target=do, args=[task], daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
