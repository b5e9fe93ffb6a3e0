"""The command line: `python -m core`, for people and for scripts."""
