"""``python -m youcheng`` is the command ``youcheng``."""

import sys

from . import main

sys.exit(main())
