"""The specification's numbers in plain Python, as it has them: its daily aggregation, its three queries, its fields.

This is a reading, with every fault that it has: what is right is in METRICS.md, and what differs has a test.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from tests.metrics.worlds import Said

Item = Mapping[str, Any]
Rows = list[dict[str, Any]]


def as_item(said: Said) -> Item:
    """As `track_conversation` stores it; the recipe's name is as good as the app knows it."""
    return {
        "conversation_id": said.talk,
        "timestamp": said.at.astimezone(UTC).isoformat(),
        "user_id": said.person,
        "role": said.role,
        "recipe_name": said.dish and said.dish.name,
    }


def daily_aggregation(items: Iterable[Item], date_str: str) -> dict[str, Any]:
    """What `lambda_daily_aggregation` writes for a day, by the UTC date of its items."""
    conversations: dict[str, list[Item]] = defaultdict(list)
    recipes: dict[str, int] = defaultdict(int)
    users, messages = set(), 0
    for item in items:
        if item["timestamp"][:10] == date_str:
            conversations[item["conversation_id"]].append(item)
            messages += 1
            users.add(item["user_id"])
            if item["recipe_name"]:
                recipes[item["recipe_name"]] += 1
    return {
        "date": date_str,
        "total_conversations": len(conversations),
        "unique_users": len(users),
        "recipes_discussed": dict(recipes),
        "total_messages": messages,
        "avg_conversation_length": messages / max(len(conversations), 1),
    }


def weekly_popularity(items: Iterable[Item], month: int, first_day: int, last_day: int) -> Rows:
    """Weekly recipe popularity: days of one month, `BETWEEN first_day AND last_day`."""
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        own_month, day = int(item["timestamp"][5:7]), int(item["timestamp"][8:10])
        if own_month == month and first_day <= day <= last_day and item["recipe_name"]:
            found[item["recipe_name"]].append(item)
    rows = [
        {
            "recipe_name": name,
            "mentions": len(own),
            "unique_users": len({item["user_id"] for item in own if item["user_id"] is not None}),
        }
        for name, own in found.items()
    ]
    return sorted(rows, key=lambda row: -row["mentions"])[:20]


def user_engagement(days: Sequence[Mapping[str, Any]]) -> Rows:
    """User engagement metrics, of daily metrics."""
    columns = ("date", "total_conversations", "unique_users")
    rows = [
        {
            **{column: day[column] for column in columns},
            "avg_messages_per_conversation": day["total_messages"] / day["total_conversations"],
        }
        for day in days
    ]
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def recipe_diversity(days: Sequence[Mapping[str, Any]]) -> Rows:
    """Recipe diversity by day, of daily metrics."""
    rows = [
        {
            "date": day["date"],
            "unique_recipes": len(day["recipes_discussed"]),
            "total_recipe_mentions": sum(day["recipes_discussed"].values()),
        }
        for day in days
    ]
    return sorted(rows, key=lambda row: row["date"], reverse=True)


def week_over_week_growth(current_week_users: int, previous_week_users: int) -> float:
    """The calculated field of that name."""
    return (current_week_users - previous_week_users) / previous_week_users * 100


def completion_estimate(avg_conversation_length: float) -> str:
    """The calculated field of that name."""
    if avg_conversation_length > 5:
        return "High"
    return "Medium" if avg_conversation_length > 3 else "Low"
