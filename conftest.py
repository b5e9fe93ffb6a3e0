"""What pytest leaves alone: scripts that Streamlit runs, which do things when they are imported."""

collect_ignore = ["app.py", "dashboard/main.py", "tests/browser/apps"]
