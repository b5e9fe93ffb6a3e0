"""What holds up the script of a page until a test lets it go on."""

import threading
from collections import defaultdict

GATES: defaultdict[str, threading.Event] = defaultdict(threading.Event)  # by job
