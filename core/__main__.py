"""The command line: `python -m core run`, `study`, `claims`, `bench`.

Results go to standard output or where --out says, progress to standard error. Exit status: 0 done,
1 a run failed, 2 wrong input (one line says what), 130 interrupted (what was finished is written).
"""

from __future__ import annotations

import sys

from core.cli.interruption import ending_at_once

if __name__ == "__main__":
    with ending_at_once():
        from core.cli.program import main
    sys.exit(main())
