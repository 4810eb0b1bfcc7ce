"""Commands about people: erasing somebody, and telling what is held of them."""

import json
from typing import Annotated

import typer

from parcook.cli.answering import AsJson, answer, open_services
from parcook.events.contract import PersonKind

app = typer.Typer()

User = Annotated[str, typer.Argument(help="The id under which the chatbot reports the person.")]
IsVisitor = Annotated[bool, typer.Option("--visitor", help="The id was reported as anonymous_id.")]


@app.command()
def erase(
    user: User,
    is_visitor: IsVisitor = False,
    is_conversation: Annotated[
        bool, typer.Option("--conversation", help="USER is the id of a conversation, to be erased for all in it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would be erased; erase nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase a person from every layer, and print the receipt, which does not say whose it is."""
    from parcook.jobs.shift import take_shift
    from parcook.jobs.subjects import conversation_ref, erase_at_once, estimate, person_ref
    from parcook.lake.receipts import Subject

    if is_visitor and is_conversation:
        raise typer.BadParameter("a conversation is no visitor", param_hint="--conversation")
    with open_services() as services:
        subject: Subject = "conversation" if is_conversation else "user"
        if is_conversation:
            reference = conversation_ref(services.key, user)
        else:
            reference = person_ref(services.key, user, _kind(is_visitor))
        if dry_run:
            receipt = estimate(services.lake, subject, reference, services.clock())
        else:
            with take_shift(services.catalogue.database):
                receipt = erase_at_once(services.lake, subject, reference, services.clock)
    layers = receipt.layers
    counts = f"{layers['events']:,} events, {layers['lake']:,} rows of the lake, {layers['activity']:,} active days"
    if dry_run:
        text = f"Would erase {counts}; the numbers of {layers['daily']:,} days look back on them."
    else:
        text = f"Erased {counts}; the numbers of {layers['daily']:,} days changed. Receipt {receipt.request_id}."
    answer(receipt.as_dict(), text, as_json)


@app.command("export-user")
def export_user(user: User, is_visitor: IsVisitor = False, as_json: AsJson = False) -> None:
    """Print everything that is held of a person, in JSON."""
    from parcook.jobs.subjects import held_of, person_ref

    with open_services() as services:
        held = held_of(services.lake, person_ref(services.key, user, _kind(is_visitor)), services.clock())
    answer(held, json.dumps(held, ensure_ascii=False, indent=1), as_json)


def _kind(is_visitor: bool) -> PersonKind:
    return "visitor" if is_visitor else "user"
