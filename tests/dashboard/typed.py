"""The command line in this process: for what is about its words, not about being a process."""

from pathlib import Path
from typing import NamedTuple

import pytest

from parcook.cli import main


class Ended(NamedTuple):
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str


class CommandLine:
    """`parcook` in a folder, with its home below it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PARCOOK_HOME", str(folder / "home"))
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, *arguments: object) -> Ended:
        """The command with these arguments."""
        self._monkeypatch.setattr("sys.argv", ["parcook", *map(str, arguments)])
        with pytest.raises(SystemExit) as ending:
            main()
        out, err = self._capsys.readouterr()
        return Ended(int(ending.value.code or 0), out, " ".join(err.split()))
