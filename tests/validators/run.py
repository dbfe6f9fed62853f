"""Runs the validators of the graph. YOUCHENG is the program; ./dev validate sets it up.

Each module has run(), which raises when something is refused that should not be, or
accepted that should not be. Names as arguments run only those.
"""

import importlib
import sys
import time

MODULES = ["context", "shapes", "datasets"]


def main():
    for name in sys.argv[1:] or MODULES:
        start = time.monotonic()
        importlib.import_module(name).run()
        print(f"{name}: passed in {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
