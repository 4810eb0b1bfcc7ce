"""Leave a home of the installed version in `tests/homes/<version>/`, for later versions to open."""

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from parcook.access import Role
from parcook.catalogue.importing import import_file
from parcook.settings import Settings
from parcook.wiring import open_services

FOLDER = Path(__file__).parent
SAMPLE = FOLDER.parents[1] / "samples" / "cocktails.json"
RECIPES = 40


def main() -> None:
    home = FOLDER / version("parcook")
    shutil.rmtree(home, ignore_errors=True)
    sample = json.loads(SAMPLE.read_text())
    sample["recipes"] = sample["recipes"][:RECIPES]
    services = open_services(Settings(home=home, refresh_url="none://"))
    with tempfile.TemporaryDirectory() as scratch:
        some = Path(scratch) / "some.json"
        some.write_text(json.dumps(sample))
        import_file(services.catalogue, some)
    token = services.access.create_token(Role.ADMIN)
    services.refresher.refresh()
    expected = {
        **services.catalogue.counts(),
        "first_recipes": [recipe.model_dump() for recipe in services.catalogue.recipes.list(limit=5).items],
        "token": token.secret,
    }
    services.close()
    with closing(sqlite3.connect(home / "catalogue.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file to keep; the next opening sets it back
    (home / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
