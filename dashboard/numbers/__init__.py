"""The numbers of every page, for scripts and spreadsheets: `/PAGE.json` and `/PAGE.csv`."""
