"""Measurements of parcook, each beside the baseline it is compared with; `python -m bench` runs them all."""
