"""Commands for the operator: how it stands, backup and restore."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parcook.cli.answering import STALE, AsJson, answer, err, open_services
from parcook.clock import format_time

if TYPE_CHECKING:
    from parcook.artifacts.insights.cook import InsightFreshness
    from parcook.jobs.standing import Standing

HOUR = timedelta(hours=1)

app = typer.Typer()


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is in the catalogue, how fresh the stored answers are, and how the jobs stand."""
    from parcook.jobs.standing import stand
    from parcook.web.operations import describe

    with open_services() as services:
        counts = services.catalogue.counts()
        freshness = services.refresher.freshness()
        insights = services.insights.freshness()
        jobs = stand(services.lake, services.clock())
    about = describe(freshness)
    if freshness.generated_at is None:
        stored = freshness.error or "nothing is stored yet; run `parcook refresh`, or `parcook serve`"
    elif freshness.current:
        stored = f"current, cooked {about['generated_at']}"
    else:
        behind = "" if about["lag_seconds"] is None else f" for {about['lag_seconds']:.0f} s"
        stored = f"behind{behind}: version {freshness.stored_version} is stored"
    text = (
        f"Catalogue  {counts['recipes']:,} recipes, {counts['ingredients']:,} ingredients, "
        f"version {freshness.catalogue_version}\nArtifacts  {stored}\n"
        f"Insights   {_told_insights(insights)}\n{_told(jobs)}"
    )
    cooked_at = None if insights.generated_at is None else format_time(insights.generated_at)
    told = {"current": insights.current, "generated_at": cooked_at, "views": insights.views, "error": insights.error}
    answer({"catalogue": counts, "artifacts": about, "insights": told, "jobs": jobs.as_dict()}, text, as_json)
    if jobs.stale or not freshness.current:
        raise typer.Exit(STALE)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Write a consistent copy of everything but the keys of days to FOLDER, while others go on."""
    from parcook.jobs.backup import back_up
    from parcook.jobs.shift import take_shift

    with open_services() as services, take_shift(services.catalogue.database):
        about = back_up(services, folder)
    counts, told = about["catalogue"], about["conversations"]
    text = (
        f"Backed up {counts['recipes']:,} recipes, {counts['ingredients']:,} ingredients and {told['events']:,} events "
        f"to {folder}"
    )
    answer(about, text, as_json)
    if told["has_secret_key"] and not as_json:
        err.print("It holds secret.key, by which people are recognised: keep it as you would keep a password.")


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(help="What `parcook backup` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Put the backup in FOLDER in the place of everything; what was erased since is erased again.

    A running server follows as to the catalogue; if secret.key is another one, start servers anew.
    """
    from parcook.jobs import backup as backups

    with open_services() as services:
        about = backups.restore(services, folder)
        services.refresher.refresh()
        services.insights.refresh()
    counts, told = about["catalogue"], about.get("conversations")
    text = f"Restored {counts['recipes']:,} recipes and {counts['ingredients']:,} ingredients of {about['created_at']}"
    if told is not None:
        text += f", and {told['events']:,} events" + (
            f"; {told['erased_again']:,} erasures since then were done again" if told["erased_again"] else ""
        )
    answer(about, text, as_json)


def _told_insights(insights: "InsightFreshness") -> str:
    """How the artifacts about conversations stand, in a line."""
    if insights.generated_at is None:
        return insights.error or "nothing is stored yet; run `parcook refresh`, or `parcook serve`"
    if not insights.views:
        return "none before the first complete day"
    return f"{'current' if insights.current else 'behind'}, cooked {format_time(insights.generated_at)}"


def _told(jobs: "Standing") -> str:
    """How the jobs stand, in a few lines."""
    runs = [run.done_at for run in jobs.runs.values() if run is not None and run.done_at is not None]
    lines = [f"Jobs       {f'last done {format_time(max(runs))}' if runs else 'never done'}"]
    waiting = [f"{len(jobs.gaps):,} hours to export"] if jobs.gaps else []
    waiting += [f"late events to take in, from {jobs.waiting[0]} on"] if jobs.waiting else []
    lines.append(f"Lake       {', '.join(waiting) or 'up to date'}")
    lines += [f"Checks     {day}: failed: {', '.join(failed)}" for day, failed in jobs.failures.items()]
    lines += [f"Damaged    {path}" for paths in jobs.damaged.values() for path in paths]
    if jobs.checked is not None and not jobs.failures:
        lines.append(f"Checks     {jobs.checked}: all passed")
    if jobs.proof is not None and jobs.proof_age is not None:
        holds = "nothing is kept too long" if jobs.proof["holds"] else "something is kept too long"
        lines.append(f"Retention  {holds}, proved {jobs.proof_age / HOUR:.0f} h ago")
    return "\n".join([*lines, *(f"Stale      {words}" for words in jobs.stale)])
