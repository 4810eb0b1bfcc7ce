"""Commands about access: bearer tokens and sign-in links."""

from typing import Annotated

import typer

from parcook.cli.answering import AsJson, answer, open_services
from parcook.clock import format_time

app = typer.Typer(help="Bearer tokens and sign-in links.", no_args_is_help=True)


@app.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="ingest, viewer or admin.")],
    link: Annotated[bool, typer.Option("--link", help="Make a one-time sign-in link instead of a token.")] = False,
    base_url: Annotated[str, typer.Option(help="Where the server is reached, for the link.")] = "http://127.0.0.1:8000",
    as_json: AsJson = False,
) -> None:
    """Make a bearer token and print it, alone and only this once."""
    from parcook.access import GRANTABLE, Role

    if role not in GRANTABLE:
        raise typer.BadParameter(f"{role!r} is not one of {', '.join(GRANTABLE)}", param_hint="--role")
    with open_services() as services:
        if link:
            url = f"{base_url.rstrip('/')}/sign-in?key={services.access.create_link(Role(role))}"
            answer({"link": url, "role": role}, url, as_json)
        else:
            token = services.access.create_token(Role(role))
            answer({"token": token.secret, "role": role, "id": token.id}, token.secret, as_json)


@app.command("list")
def token_list(as_json: AsJson = False) -> None:
    """List all tokens ever made; never their secrets."""
    with open_services() as services:
        entries = [
            {
                "id": entry.id,
                "role": str(entry.role),
                "created_at": format_time(entry.created_at),
                "revoked_at": format_time(entry.revoked_at) if entry.revoked_at else None,
            }
            for entry in services.access.list_tokens()
        ]
    lines = [
        f"{entry['id']}  {entry['role']:<7} {entry['created_at']}  "
        + (f"revoked {entry['revoked_at']}" if entry["revoked_at"] else "")
        for entry in entries
    ]
    answer({"tokens": entries}, "\n".join(lines) or "There are no tokens.", as_json)


@app.command("revoke")
def token_revoke(
    token_id: Annotated[str, typer.Argument(help="The id that `parcook token list` shows.")], as_json: AsJson = False
) -> None:
    """Let a token count no longer, at once."""
    with open_services() as services:
        services.access.revoke_token(token_id)
    answer({"revoked": token_id}, f"Revoked {token_id}.", as_json)
