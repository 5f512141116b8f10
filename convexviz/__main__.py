"""`python -m convexviz`: the command line. `python -m convexviz verify FILE` needs nothing but Python."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
