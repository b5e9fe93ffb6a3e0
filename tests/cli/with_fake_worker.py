"""The command line with workers whose engine is made up: `python -m tests.cli.with_fake_worker`."""

import sys
from functools import partial

from core.cli.program import main
from core.cli.training import train
from core.service import Laboratory
from tests.service.waiting import FAKE

if __name__ == "__main__":
    sys.exit(main(train=partial(train, open_laboratory=partial(Laboratory, command=FAKE))))
