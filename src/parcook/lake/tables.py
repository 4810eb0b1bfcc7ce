"""The lake's tables, each declared once: columns, where its files lie, its DuckDB view, its Athena and Trino DDL.

Types are Trino's names. Columns are added at the end and never retyped: files written before a column came
read it as null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Format = Literal["parquet", "json"]


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in Trino's words, and what it holds."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table of the lake: files under `prefix/year=YYYY/month=MM/day=DD/`, of one `format`.

    `format` None means the lake's format, `PARCOOK_LAKE_FORMAT`. `restricted` tables lie under the private URL.
    """

    name: str
    prefix: str
    columns: Sequence[Column]
    format: Format | None = None
    restricted: bool = False

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, partition columns left out."""
        return [column.name for column in self.columns]

    def partition(self, day: date) -> str:
        """The folder of `day`, without a slash at its end."""
        return f"{self.prefix}/year={day:%Y}/month={day:%m}/day={day:%d}"


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


_MAP = "map(varchar, bigint)"

CONVERSATIONS = Table(
    "recipe_conversations",
    "conversations",
    _columns(
        ("message_id", "varchar", "the store's id of the message: unique everywhere"),
        ("conversation_id", "varchar", "pseudonym of the conversation on this day"),
        ("ts", "timestamp(3)", "when, in UTC, in milliseconds"),
        ("local_date", "date", "the report day"),
        ("local_hour", "integer", "the hour of that day in the report zone, 0 to 23"),
        ("user_id", "varchar", "pseudonym of the person on this day; null for anonymous traffic"),
        ("person_kind", "varchar", "user or visitor; null for anonymous traffic"),
        ("role", "varchar", "user, assistant, system or tool"),
        ("message", "varchar", "redacted text; null unless PARCOOK_LAKE_TEXT=redacted"),
        ("message_length", "integer", "characters sent; null where no text was sent: then it is no message"),
        ("has_recipe", "boolean", "whether a recipe is named"),
        ("recipe_name", "varchar", "its name"),
        ("recipe_id", "bigint", "its id in the catalogue, if it is there"),
        ("match_method", "varchar", "how the name was found: id, name, catalogue or pattern"),
        ("category", "varchar", "its category"),
        ("branch_ids", "array(bigint)", "the recipe's ingredients and all their ancestors"),
        ("tools", "array(varchar)", "tools used, each once"),
        ("signals", "array(varchar)", "what the text signals, from signals.py"),
        ("feature", "varchar", "feature of the app"),
        ("feedback_kind", "varchar", "thumb, rating or cooked"),
        ("feedback_value", "varchar", "up, down, 1 to 5, or true"),
        ("feedback_target", "varchar", "pseudonym on this day of the message that is judged"),
        ("channel", "varchar", "where the conversation takes place"),
        ("locale", "varchar", "language tag"),
    ),
)

TOOL_CALLS = Table(
    "tool_calls",
    "tool_calls",
    _columns(
        ("message_id", "varchar", "the message that reported the call"),
        ("conversation_id", "varchar", "pseudonym of the conversation on this day"),
        ("user_id", "varchar", "pseudonym of the person on this day"),
        ("ts", "timestamp(3)", "when, in UTC"),
        ("name", "varchar", "the tool"),
        ("ok", "boolean", "whether it succeeded; null if not reported"),
        ("duration_ms", "double", "how long it took; null if not reported"),
    ),
)

CATALOGUE_INGREDIENTS = Table(
    "catalogue_ingredients",
    "catalogue",
    _columns(
        ("id", "bigint", "the ingredient"),
        ("name", "varchar", "its name on this day"),
        ("parent_id", "bigint", "the ingredient above; null for a root"),
        ("path", "varchar", "ids from the root to itself: /1/23/45/"),
        ("hierarchical_usage", "bigint", "recipes that list it or anything below it, each once"),
        ("total_recipes", "bigint", "recipes in the catalogue, the same in every row"),
    ),
)

ACTIVITY = Table(
    "activity",
    "activity",
    _columns(
        ("user_ref", "varchar", "the store's pseudonym of the person: joins days, therefore restricted"),
        ("person_kind", "varchar", "user or visitor"),
        ("first_day", "date", "the first day the person was active, as far back as 90 days of silence"),
        ("conversations", "bigint", "conversations on this day"),
        ("messages", "bigint", "messages of the person on this day"),
        ("features", "array(varchar)", "features used on this day"),
    ),
    format="parquet",
    restricted=True,
)

DAILY_METRICS = Table(
    "daily_metrics",
    "aggregated/daily",
    _columns(
        ("date", "varchar", "the report day, 2025-01-15"),
        ("total_conversations", "bigint", "conversations with at least one message"),
        ("unique_users", "bigint", "distinct non-null user_id of the day's messages, visitors among them"),
        ("recipes_discussed", _MAP, "recipe name → mentions"),
        ("total_messages", "bigint", "messages of users and assistants"),
        ("avg_conversation_length", "double", "messages / max(conversations, 1)"),
        ("dau", "bigint", "signed users active on this day"),
        ("wau", "bigint", "signed users active in the 7 days that end with it"),
        ("mau", "bigint", "… in the 28 days"),
        ("people_91", "bigint", "… in the 91 days"),
        ("visitors", "bigint", "visitors active on this day"),
        ("unique_recipes", "bigint", "distinct recipe names mentioned, before any is summed under …"),
        ("matched_mentions", "bigint", "mentions whose recipe is in the catalogue"),
        ("recipes_conversations", _MAP, "recipe name → conversations that mention it"),
        ("recipes_user_days", _MAP, "recipe name → people who mentioned it or were offered it that day"),
        ("recipes_asked", _MAP, "recipe name → conversations in which a user named it"),
        ("recipes_offered", _MAP, "recipe name → conversations in which the assistant named it"),
        ("categories", _MAP, "category → recipe conversations in 1/27720, shared out where there are several"),
        ("hours", _MAP, "local hour 00 to 23 → conversations that started in it"),
        ("hour_minutes", _MAP, "local hour → minutes it lasted: 60, but for the days clocks change"),
        ("lengths", _MAP, "messages in a conversation → conversations"),
        ("user_turns", _MAP, "user messages in a conversation → conversations"),
        ("tools_conversations", _MAP, "tool → conversations with at least one call"),
        ("tools_calls", _MAP, "tool → calls"),
        ("tools_errors", _MAP, "tool → calls that failed"),
        (
            "tools_ms",
            _MAP,
            "tool|milliseconds → calls that took about so long: 8 logarithmic buckets an octave, by middle",
        ),
        ("outcomes", _MAP, "outcome → conversations with a recipe"),
        (
            "signals",
            _MAP,
            "signal → assessed conversations that show it; also any_positive, any_negative, none of both",
        ),
        ("feedback", _MAP, "up, down (last vote per person and message), rating_1 to rating_5, cooked, voted"),
        ("gaps_requests", _MAP, "name asked for that matches nothing, or was refused → requests"),
        ("gaps_user_days", _MAP, "the same name → people who asked for it that day"),
        ("gaps_refused", _MAP, "the same name → requests that were refused"),
        ("demand", _MAP, "ingredient id → conversations about recipes with it or anything below it"),
        ("features", _MAP, "feature → conversations that used it"),
        ("data_checks", _MAP, "check → 1 passed, 0 failed"),
        ("revision", "bigint", "how often the numbers changed since they froze"),
        ("complete", "boolean", "whether the day is over and its last hour exported"),
        ("assessed_conversations", "bigint", "conversations whose language the signals can read"),
        ("recipe_conversations", "bigint", "conversations with at least one recipe named"),
        ("tool_conversations", "bigint", "conversations with at least one call of any tool"),
    ),
    format="json",
)

WEEKLY_METRICS = Table(
    "weekly_metrics",
    "aggregated/weekly",
    _columns(
        ("week", "varchar", "ISO week, 2025-W03"),
        ("week_start", "varchar", "its Monday, 2025-01-13"),
        ("people", "bigint", "signed users active in the week"),
        ("new_people", "bigint", "those whose first day is in the week; null until 90 days can be looked back on"),
        ("returning_people", "bigint", "those active also in the 4 weeks before; null until those weeks are there"),
        ("cohorts", _MAP, "ISO week of first_day → people of that cohort who were active in this week"),
        ("feature_people", _MAP, "feature → people who used it in the week"),
        ("revision", "bigint", "how often the numbers changed since they froze"),
        ("complete", "boolean", "whether all seven days are"),
    ),
    format="json",
)

TABLES = (CONVERSATIONS, TOOL_CALLS, CATALOGUE_INGREDIENTS, ACTIVITY, DAILY_METRICS, WEEKLY_METRICS)
TABLES_BY_NAME = {table.name: table for table in TABLES}


def readable_tables() -> list[Table]:
    """The tables that anybody who may query the lake can query."""
    return [table for table in TABLES if not table.restricted]
