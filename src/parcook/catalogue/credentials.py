"""Credentials in the catalogue database: the `AccessStore` of `access.py`, outside the version triggers."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, insert, select, update

from parcook.catalogue.database import Database
from parcook.catalogue.tables import access_tokens, sessions, sign_in_links

# Made once: every request with a token asks it, and making it takes longer than running it.
_FIND_TOKEN = select(access_tokens.c.id, access_tokens.c.role).where(
    access_tokens.c.secret_hash == bindparam("secret_hash"), access_tokens.c.revoked_at.is_(None)
)


class Credentials:
    """Hashes of tokens, sign-in links and sessions. Times are aware; SQLite compares them in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_token(self, token_id: str, secret_hash: str, role: str, created_at: datetime) -> None:
        """Keep a token."""
        with self._database.write_aside() as connection:
            connection.execute(
                insert(access_tokens).values(id=token_id, secret_hash=secret_hash, role=role, created_at=created_at)
            )

    def find_token(self, secret_hash: str) -> tuple[str, str] | None:
        """(id, role) of the token that is not revoked; None if there is none."""
        with self._database.read() as connection:
            row = connection.execute(_FIND_TOKEN, {"secret_hash": secret_hash}).one_or_none()
        return None if row is None else (row.id, row.role)

    def list_tokens(self) -> list[tuple[str, str, datetime, datetime | None]]:
        """(id, role, created at, revoked at) of every token, oldest first."""
        columns = (access_tokens.c.id, access_tokens.c.role, access_tokens.c.created_at, access_tokens.c.revoked_at)
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).order_by(access_tokens.c.created_at, access_tokens.c.id)).all()
        return [(row.id, row.role, _aware(row.created_at), row.revoked_at and _aware(row.revoked_at)) for row in rows]

    def revoke_token(self, token_id: str, now: datetime) -> bool:
        """Revoke a token. False if there is none of this id; one revoked before stays as it was."""
        own = access_tokens.c.id == token_id
        with self._database.write_aside() as connection:
            connection.execute(
                update(access_tokens).where(own, access_tokens.c.revoked_at.is_(None)).values(revoked_at=now)
            )
            return connection.execute(select(access_tokens.c.id).where(own)).first() is not None

    def add_link(self, secret_hash: str, role: str, expires_at: datetime) -> None:
        """Keep a sign-in link."""
        with self._database.write_aside() as connection:
            connection.execute(insert(sign_in_links).values(secret_hash=secret_hash, role=role, expires_at=expires_at))

    def take_link(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a link that has not expired, and forget the link; None if there is none. Once only."""
        with self._database.write_aside() as connection:
            row = connection.execute(
                delete(sign_in_links)
                .where(sign_in_links.c.secret_hash == secret_hash, sign_in_links.c.expires_at > now)
                .returning(sign_in_links.c.role)
            ).one_or_none()
            connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))
            return None if row is None else row.role

    def add_session(self, secret_hash: str, role: str, now: datetime, expires_at: datetime) -> None:
        """Keep a session, and forget those that have expired."""
        with self._database.write_aside() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
            connection.execute(insert(sessions).values(secret_hash=secret_hash, role=role, expires_at=expires_at))

    def find_session(self, secret_hash: str, now: datetime) -> str | None:
        """The role of a session that has not expired; None if there is none."""
        query = select(sessions.c.role).where(sessions.c.secret_hash == secret_hash, sessions.c.expires_at > now)
        with self._database.read() as connection:
            return connection.execute(query).scalar()

    def drop_session(self, secret_hash: str) -> None:
        """Forget a session, if it is there."""
        with self._database.write_aside() as connection:
            connection.execute(delete(sessions).where(sessions.c.secret_hash == secret_hash))

    def has_admin(self) -> bool:
        """Whether there is an admin: a token, revoked ones included, or a session."""
        with self._database.read() as connection:
            return any(
                connection.execute(select(table.c.role).where(table.c.role == "admin").limit(1)).first()
                for table in (access_tokens, sessions)
            )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite gives back what was UTC without saying so
