"""Three promises that hold for every writer, a `sqlite3` or `psql` shell included.

1. Each change bumps `(version, token)` in its own transaction.
2. `path` restates `parent_id`, for all descendants as well, and no ingredient is below itself.
3. A name written without its key gets a key, though only an ASCII-folded one in SQLite.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

EDITED = ("ingredients", "units", "recipes", "recipe_ingredients")
NAMED = ("ingredients", "units", "recipes")
BELOW_ITSELF = "parcook: an ingredient cannot be below itself"


def upgrade() -> None:
    connection = op.get_bind()
    for statement in _sqlite() if connection.dialect.name == "sqlite" else _postgres():
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _sqlite() -> list[str]:
    bump = """
        UPDATE catalogue_state SET version = version + 1, token = lower(hex(randomblob(16))),
            changed_at = (julianday('now') - 2440587.5) * 86400.0"""
    version = [
        f"CREATE TRIGGER {table}_version_{event} AFTER {event} ON {table} BEGIN {bump}; END"
        for table in EDITED
        for event in ("insert", "update", "delete")
    ]
    # A branch is the range of paths from '/1/23/' up to '/1/230', since '0' follows '/'.
    branch = "path >= OLD.path AND path < substr(OLD.path, 1, length(OLD.path) - 1) || '0'"
    parent_path = "coalesce((SELECT p.path FROM ingredients AS p WHERE p.id = NEW.parent_id), '/')"
    paths = [
        f"""CREATE TRIGGER ingredients_path_insert AFTER INSERT ON ingredients BEGIN
            UPDATE ingredients SET path = {parent_path} || id || '/' WHERE id = NEW.id; END""",
        f"""CREATE TRIGGER ingredients_path_cycle BEFORE UPDATE OF parent_id ON ingredients
            WHEN EXISTS (SELECT 1 FROM ingredients WHERE id = NEW.parent_id AND {branch})
            BEGIN SELECT RAISE(ABORT, '{BELOW_ITSELF}'); END""",
        f"""CREATE TRIGGER ingredients_path_move AFTER UPDATE OF parent_id ON ingredients
            WHEN NEW.parent_id IS NOT OLD.parent_id BEGIN
            UPDATE ingredients SET path = {parent_path} || NEW.id || '/' || substr(path, length(OLD.path) + 1)
                WHERE {branch} AND id <> NEW.id;
            UPDATE ingredients SET path = {parent_path} || id || '/' WHERE id = NEW.id; END""",
    ]
    keys = [
        f"""CREATE TRIGGER {table}_name_key_{event} AFTER {event_of} ON {table} WHEN {condition}
            BEGIN UPDATE {table} SET name_key = lower(trim(NEW.name)) WHERE id = NEW.id; END"""
        for table in NAMED
        for event, event_of, condition in (
            ("insert", "INSERT", "NEW.name_key IS NULL"),
            ("update", "UPDATE OF name", "NEW.name IS NOT OLD.name AND NEW.name_key IS OLD.name_key"),
        )
    ]
    return version + paths + keys


def _postgres() -> list[str]:
    # Before the statement, so that its row lock comes first and writers queue instead of deadlocking.
    version = [
        """CREATE FUNCTION parcook.bump_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE parcook.catalogue_state SET version = version + 1,
                token = replace(gen_random_uuid()::text, '-', ''),
                changed_at = extract(epoch FROM clock_timestamp());
            RETURN NULL; END $$""",
        *(
            f"""CREATE TRIGGER {table}_version BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE
                ON parcook.{table} FOR EACH STATEMENT EXECUTE FUNCTION parcook.bump_version()"""
            for table in EDITED
        ),
    ]
    paths = [
        f"""CREATE FUNCTION parcook.set_path() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE parent_path text := '/';
            BEGIN
                IF NEW.parent_id IS NOT NULL THEN
                    SELECT coalesce(max(path), '/') INTO parent_path FROM parcook.ingredients
                        WHERE id = NEW.parent_id;
                END IF;
                IF TG_OP = 'UPDATE' AND starts_with(parent_path, OLD.path) THEN
                    RAISE EXCEPTION '{BELOW_ITSELF}' USING ERRCODE = 'check_violation';
                END IF;
                NEW.path := parent_path || NEW.id || '/';
                RETURN NEW;
            END $$""",
        """CREATE TRIGGER ingredients_path BEFORE INSERT OR UPDATE OF parent_id ON parcook.ingredients
            FOR EACH ROW EXECUTE FUNCTION parcook.set_path()""",
        """CREATE FUNCTION parcook.move_branch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE parcook.ingredients SET path = NEW.path || substr(path, length(OLD.path) + 1)
                WHERE path >= OLD.path AND path < left(OLD.path, -1) || '0' AND id <> NEW.id;
            RETURN NULL; END $$""",
        """CREATE TRIGGER ingredients_branch AFTER UPDATE OF parent_id ON parcook.ingredients
            FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION parcook.move_branch()""",
    ]
    keys = [
        """CREATE FUNCTION parcook.set_name_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'INSERT' THEN
                NEW.name_key := coalesce(NEW.name_key, lower(btrim(NEW.name)));
            ELSIF NEW.name <> OLD.name AND NEW.name_key IS NOT DISTINCT FROM OLD.name_key THEN
                NEW.name_key := lower(btrim(NEW.name));
            END IF;
            RETURN NEW; END $$""",
        *(
            f"""CREATE TRIGGER {table}_name_key BEFORE INSERT OR UPDATE OF name ON parcook.{table}
                FOR EACH ROW EXECUTE FUNCTION parcook.set_name_key()"""
            for table in NAMED
        ),
    ]
    return version + paths + keys
