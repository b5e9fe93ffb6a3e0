"""Runs and studies side by side: what is pinned, what is trained for it, and how it is shown."""
