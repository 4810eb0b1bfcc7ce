"""The front door: `parcook serve`, and every job as a command."""

from parcook.cli.front import app, main

__all__ = ["app", "main"]
