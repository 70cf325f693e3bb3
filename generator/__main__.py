"""The door: `fairlead`, and `python -m generator`."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

from generator import interrupt

# A run makes many objects and hardly a cycle. Looking for some after every 700 takes 4 % of a run in which nothing
# changed, and 3 % of one over 100 services that begins with nothing.
_OBJECTS_BETWEEN_COLLECTIONS = 200_000


def main() -> None:
    """Run the command line of this process and exit with its code; told to end by a signal, say so in one line."""
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    interrupt.install_handlers()
    code = 0
    try:
        code = _run()
        interrupt.ignore_signals()
    except interrupt.InterruptError:
        pass
    except Exception:
        if not interrupt.interrupt_code():  # a class that is being made wraps what a signal raises (3.11)
            raise
    if interrupt.interrupt_code():
        _say_the_end()
    gc.freeze()  # the search for cycles when Python ends takes 30 ms of a `generate` of 480, and finds nothing to free
    sys.exit(interrupt.interrupt_code() or code)


def _run() -> int:
    from generator.cli import run  # after the handlers: a signal may come while it is imported

    return run(sys.argv[1:])


def _say_the_end() -> None:
    """Say it, and leave nothing that Python could stumble over at its end: a closed terminal takes no words."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{interrupt.interrupt_words()}\n")
        sys.stderr.flush()
    with suppress(OSError, ValueError):
        sys.stdout.flush()


if __name__ == "__main__":
    main()
