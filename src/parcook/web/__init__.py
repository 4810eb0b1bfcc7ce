"""HTTP: one file per subject, each route with its row in `rules.py`."""
