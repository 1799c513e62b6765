"""Run the command line with `python -m cjigraph`."""

from __future__ import annotations

import sys

from cjigraph.cli import main

if __name__ == "__main__":
    sys.exit(main())
