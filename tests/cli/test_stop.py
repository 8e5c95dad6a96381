"""A node that is told to stop while its main thread is in the middle of something."""

import threading

from comity.assemble.serve import Served


def test_a_signal_in_the_middle_of_a_wake_stops_the_node_and_holds_nothing_up() -> None:
    node = object.__new__(Served)
    node._stop, node._wake = threading.Event(), threading.Event()
    returned = threading.Event()

    def interrupted() -> None:
        # Where the handler of a signal runs: between two lines that hold the lock of the event.
        with node._wake._cond:
            node.stop()
            returned.set()

    threading.Thread(target=interrupted, daemon=True).start()
    assert returned.wait(10)
    assert node._stop.wait(10)
    assert node._wake.wait(10)
