"""``python -m gitreg`` is the command ``gitreg``."""

import sys

from gitreg.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
