"""The daemon (schedule, queue, sensors) as a child process that never outlives the UI that started it.

Started by server.py as `python -m orchestration.ui.daemon PIPE run …`. PIPE is the reading end of a pipe whose writing
end only the parent holds: however the parent ends, kill -9 included, the system closes it, and the daemon ends too.
"""

import os
import signal
import sys
import threading
import time

# The daemon's threads finish what they are at, mostly within seconds; what hangs by then is ended the hard way.
GRACE_S = 20


def main() -> None:
    """Run Dagster's daemon command until it ends or the parent does."""
    pipe, *arguments = sys.argv[1:]
    running = threading.Event()
    threading.Thread(target=_end_with_parent, args=(int(pipe), running), daemon=True).start()
    from dagster._daemon.cli import cli  # takes seconds: the pipe is watched meanwhile

    running.set()
    cli(arguments, prog_name="dagster-daemon")


def _end_with_parent(pipe: int, running: threading.Event) -> None:
    os.read(pipe, 1)  # returns when the other end is closed
    if not running.is_set():
        os._exit(0)  # nothing was begun
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    main()
