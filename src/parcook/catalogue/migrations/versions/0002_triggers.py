"""Four promises that hold for every writer, a `sqlite3` or `psql` shell included.

1. Each change bumps `(version, token)` in its own transaction.
2. `path` restates `parent_id`, for all descendants as well, and no ingredient is below itself.
3. A name written without its key gets a key, though only an ASCII-folded one.
4. An id that was given is not given again.
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
    parent_path = "coalesce((SELECT p.path FROM ingredients AS p WHERE p.id = NEW.parent_id), '/')"
    # Rows reach these triggers one by one and in any order: a child may come before its parent, `INSERT OR
    # REPLACE` may put another parent above a branch, and a path may be overwritten. Whatever a statement does,
    # the row that completes it finds its own path, or a child's, wrong, and the branch is derived anew.
    paths = [
        f"""CREATE TRIGGER ingredients_path_insert AFTER INSERT ON ingredients BEGIN
            UPDATE ingredients SET path = {parent_path} || id || '/' WHERE id = NEW.id; END""",
        f"""CREATE TRIGGER ingredients_path_update AFTER UPDATE OF id, parent_id, path ON ingredients
            WHEN NEW.path IS NOT {parent_path} || NEW.id || '/' OR EXISTS (
                SELECT 1 FROM ingredients WHERE parent_id = NEW.id AND path IS NOT NEW.path || id || '/')
            BEGIN
            SELECT RAISE(ABORT, '{BELOW_ITSELF}') WHERE NEW.id IN (
                WITH RECURSIVE above(id) AS (SELECT NEW.parent_id
                    UNION SELECT i.parent_id FROM above JOIN ingredients AS i ON i.id = above.id)
                SELECT id FROM above);
            UPDATE ingredients SET path = below.path FROM (
                WITH RECURSIVE above(parent_id, path, steps) AS (SELECT NEW.parent_id, '/' || NEW.id || '/', 0
                    UNION ALL SELECT i.parent_id, '/' || i.id || above.path, above.steps + 1
                    FROM above JOIN ingredients AS i ON i.id = above.parent_id),
                below(id, path) AS (SELECT NEW.id, (SELECT path FROM above ORDER BY steps DESC LIMIT 1)
                    UNION ALL SELECT i.id, below.path || i.id || '/'
                    FROM below JOIN ingredients AS i ON i.parent_id = below.id)
                SELECT id, path FROM below) AS below
                WHERE ingredients.id = below.id AND ingredients.path IS NOT below.path; END""",
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
    # A statement may move several rows. Each one's trigger sees those before it, so a cycle is met where it closes;
    # paths may be stale until the last row's branch has been derived anew, at the end of the statement.
    paths = [
        f"""CREATE FUNCTION parcook.set_path() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1
                AND NEW.id = OLD.id AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
                RETURN NEW;  -- written by derive_branch
            END IF;
            IF EXISTS (SELECT FROM parcook.ingredients WHERE parent_id = NEW.id) AND NEW.id IN (
                WITH RECURSIVE above AS (SELECT NEW.parent_id AS id
                    UNION SELECT i.parent_id FROM above JOIN parcook.ingredients AS i ON i.id = above.id)
                SELECT id FROM above) THEN
                RAISE EXCEPTION '{BELOW_ITSELF}' USING ERRCODE = 'check_violation';
            END IF;
            NEW.path := coalesce((SELECT path FROM parcook.ingredients WHERE id = NEW.parent_id), '/')
                || NEW.id || '/';
            RETURN NEW; END $$""",
        """CREATE TRIGGER ingredients_path BEFORE INSERT OR UPDATE OF id, parent_id, path ON parcook.ingredients
            FOR EACH ROW EXECUTE FUNCTION parcook.set_path()""",
        """CREATE FUNCTION parcook.derive_branch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT FROM parcook.ingredients AS p JOIN parcook.ingredients AS c ON c.parent_id = p.id
                WHERE p.id = NEW.id AND c.path <> p.path || c.id || '/') THEN
                WITH RECURSIVE below AS (SELECT id, path FROM parcook.ingredients WHERE id = NEW.id
                    UNION ALL SELECT i.id, below.path || i.id || '/'
                    FROM below JOIN parcook.ingredients AS i ON i.parent_id = below.id)
                UPDATE parcook.ingredients AS i SET path = below.path
                    FROM below WHERE i.id = below.id AND i.path <> below.path;
            END IF;
            RETURN NULL; END $$""",
        """CREATE TRIGGER ingredients_branch AFTER INSERT OR UPDATE OF id, parent_id, path ON parcook.ingredients
            FOR EACH ROW EXECUTE FUNCTION parcook.derive_branch()""",
    ]
    # SQLite counts on above any id that was given; so must PostgreSQL, or the next row would take one of them.
    ids = [
        """CREATE FUNCTION parcook.count_on() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                counter text := format('parcook.%I', TG_TABLE_NAME || '_id_seq');
                largest bigint;
                counted bigint;
            BEGIN
                EXECUTE format('SELECT max(id) FROM parcook.%I', TG_TABLE_NAME) INTO largest;
                EXECUTE format('SELECT last_value FROM %s', counter) INTO counted;
                IF largest >= counted THEN
                    PERFORM setval(counter, largest);
                END IF;
                RETURN NULL;
            END $$""",
        *(
            f"""CREATE TRIGGER {table}_id AFTER INSERT ON parcook.{table}
                FOR EACH STATEMENT EXECUTE FUNCTION parcook.count_on()"""
            for table in NAMED
        ),
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
    return version + paths + ids + keys
