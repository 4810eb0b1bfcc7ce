"""The numbers of one day as plain SQL over its rows: `day_rows` and `day_calls`, as the lake holds them.

A message is text of a user or an assistant; a conversation is one id with at least one message. Each query of `MAPS`
answers with a key and a number a row, each of `SCALARS` with one number.
"""

OTHERS = "…"

# A name of free text is told if enough people used it in the weeks before; and only the most used ones are.
_TOLD = f"""
    CREATE OR REPLACE TEMP TABLE {{told}} AS
    SELECT folded, CASE WHEN is_told AND place <= $limit THEN name ELSE '{OTHERS}' END AS name
    FROM (
        SELECT *, row_number() OVER (ORDER BY is_told DESC, {{number}} DESC, folded) AS place
        FROM (
            SELECT folded, name, {{number}}, is_known OR $all_admitted OR list_contains($admitted, folded) AS is_told
            FROM names JOIN {{table}} USING (folded)
        )
    )
    """
_BY_NAME = """
    SELECT name, sum({number})::BIGINT
    FROM {table} JOIN told_{table} USING (folded)
    GROUP BY name
    HAVING sum({number}) > 0
    """

TABLES = (
    """
    CREATE OR REPLACE TEMP TABLE messages AS
    SELECT
        conversation_id, message_id, user_id, role, local_hour, recipe_name, recipe_id, category, branch_ids, signals,
        locale, row_number() OVER (PARTITION BY conversation_id ORDER BY ts, message_id) AS turn
    FROM day_rows
    WHERE role IN ('user', 'assistant') AND message_length IS NOT NULL
    """,
    """
    CREATE OR REPLACE TEMP TABLE talks AS
    SELECT
        conversation_id,
        count(*) AS messages,
        count(*) FILTER (role = 'user') AS user_turns,
        arg_min(local_hour, turn) AS started_at,
        min(turn) FILTER (recipe_name IS NOT NULL) AS recipe_turn,
        arg_max(role = 'user' AND list_contains(signals, 'question') OR list_contains(signals, 'error'), turn)
            AS breaks_off,
        bool_and(locale IS NULL OR regexp_matches(lower(locale), '^en([-_]|$)')) AS is_assessed
    FROM messages
    GROUP BY conversation_id
    """,
    # A recipe goes by one name, however it is spelled: the catalogue's, or else the one most used on this day.
    """
    CREATE OR REPLACE TEMP TABLE names AS
    SELECT
        folded,
        arg_min(recipe_name, (NOT is_known, -uses, recipe_name)) AS name,
        bool_or(is_known) AS is_known
    FROM (
        SELECT
            lower(recipe_name) AS folded, recipe_name, count(*) AS uses, bool_or(recipe_id IS NOT NULL) AS is_known
        FROM messages
        WHERE recipe_name IS NOT NULL
        GROUP BY recipe_name
    )
    GROUP BY folded
    """,
    """
    CREATE OR REPLACE TEMP TABLE recipes AS
    SELECT
        lower(recipe_name) AS folded,
        count(*) AS mentions,
        count(DISTINCT conversation_id) AS conversations,
        count(DISTINCT user_id) AS user_days,
        count(DISTINCT conversation_id) FILTER (role = 'user') AS asked,
        count(DISTINCT conversation_id) FILTER (role = 'assistant') AS offered
    FROM messages
    WHERE recipe_name IS NOT NULL
    GROUP BY folded
    """,
    # A request is a user's message that names a recipe; it is refused if the next answer says so.
    """
    CREATE OR REPLACE TEMP TABLE gaps AS
    SELECT
        names.folded,
        count(*) AS requests,
        count(DISTINCT user_id) AS user_days,
        count(*) FILTER (is_refused) AS refused
    FROM (
        SELECT
            asking.recipe_name, asking.user_id, coalesce(list_contains(answer.signals, 'refusal'), false) AS is_refused
        FROM (FROM messages WHERE role = 'user' AND recipe_name IS NOT NULL) AS asking
        ASOF LEFT JOIN (FROM messages WHERE role = 'assistant') AS answer
            ON answer.conversation_id = asking.conversation_id AND answer.turn > asking.turn
    ) AS requests
    JOIN names ON names.folded = lower(requests.recipe_name)
    WHERE is_refused OR NOT names.is_known
    GROUP BY names.folded
    """,
    _TOLD.format(told="told_recipes", table="recipes", number="conversations"),
    _TOLD.format(told="told_gaps", table="gaps", number="requests"),
    """
    CREATE OR REPLACE TEMP TABLE votes AS
    SELECT kind, value
    FROM (
        SELECT
            feedback_kind AS kind,
            feedback_value AS value,
            row_number() OVER (
                PARTITION BY coalesce(user_id, conversation_id), coalesce(feedback_target, conversation_id),
                    feedback_kind = 'cooked'
                ORDER BY ts DESC, message_id DESC
            ) AS place
        FROM day_rows
        WHERE feedback_kind IS NOT NULL
    )
    WHERE place = 1
    """,
    """
    CREATE OR REPLACE TEMP TABLE cooked AS
    SELECT DISTINCT conversation_id FROM day_rows WHERE feedback_kind = 'cooked'
    """,
    """
    CREATE OR REPLACE TEMP TABLE used_tools AS
    SELECT DISTINCT name, conversation_id FROM day_calls JOIN talks USING (conversation_id)
    """,
    """
    CREATE OR REPLACE TEMP TABLE shown AS
    SELECT DISTINCT conversation_id, signal
    FROM (SELECT conversation_id, unnest(signals) AS signal FROM messages)
    JOIN talks USING (conversation_id)
    WHERE is_assessed
    """,
)

SCALARS = {
    "total_conversations": "SELECT count(*) FROM talks",
    "unique_users": "SELECT count(DISTINCT user_id) FROM messages",
    "total_messages": "SELECT count(*) FROM messages",
    "unique_recipes": "SELECT count(*) FROM names",
    "matched_mentions": "SELECT count(*) FROM messages WHERE recipe_id IS NOT NULL",
    "assessed_conversations": "SELECT count(*) FROM talks WHERE is_assessed",
    "recipe_conversations": "SELECT count(*) FROM talks WHERE recipe_turn IS NOT NULL",
    "tool_conversations": "SELECT count(DISTINCT conversation_id) FROM used_tools",
}

MAPS = {
    "recipes_discussed": _BY_NAME.format(number="mentions", table="recipes"),
    "recipes_conversations": _BY_NAME.format(number="conversations", table="recipes"),
    "recipes_user_days": _BY_NAME.format(number="user_days", table="recipes"),
    "recipes_asked": _BY_NAME.format(number="asked", table="recipes"),
    "recipes_offered": _BY_NAME.format(number="offered", table="recipes"),
    # 27720 is divided by 1 to 12 without a remainder; of more categories, the first take what is left.
    "categories": """
        SELECT category, sum(27720 // categories + CASE WHEN place <= 27720 % categories THEN 1 ELSE 0 END)::BIGINT
        FROM (
            SELECT
                category,
                count(*) OVER (PARTITION BY conversation_id) AS categories,
                row_number() OVER (PARTITION BY conversation_id ORDER BY category) AS place
            FROM (
                SELECT DISTINCT conversation_id, coalesce(category, 'uncategorised') AS category
                FROM messages
                WHERE recipe_name IS NOT NULL
            )
        )
        GROUP BY category
    """,
    "hours": "SELECT printf('%02d', started_at), count(*) FROM talks GROUP BY started_at",
    "lengths": "SELECT messages::VARCHAR, count(*) FROM talks GROUP BY messages",
    "user_turns": "SELECT user_turns::VARCHAR, count(*) FROM talks GROUP BY user_turns",
    "tools_conversations": "SELECT name, count(*) FROM used_tools GROUP BY name",
    "tools_calls": "SELECT name, count(*) FROM day_calls GROUP BY name",
    "tools_errors": "SELECT name, count(*) FROM day_calls WHERE NOT ok GROUP BY name",
    # Eight buckets from one power of two to the next; each is called by the milliseconds in its middle.
    "tools_ms": """
        SELECT name || '|' || round(power(2, round(8 * log2(greatest(duration_ms, 1))) / 8))::BIGINT, count(*)
        FROM day_calls
        WHERE duration_ms IS NOT NULL
        GROUP BY ALL
    """,
    "outcomes": """
        SELECT
            CASE
                WHEN breaks_off THEN 'abandoned'
                WHEN conversation_id IN (FROM cooked) THEN 'confirmed'
                WHEN moves_on AND NOT ends_badly THEN 'likely'
                WHEN later_turns > 0 THEN 'engaged'
                ELSE 'browsed'
            END AS outcome,
            count(*)
        FROM (
            SELECT
                conversation_id,
                any_value(breaks_off) AS breaks_off,
                count(*) FILTER (turn > recipe_turn) AS later_turns,
                coalesce(bool_or(list_has_any(signals, ['next_step', 'timer', 'done']))
                    FILTER (turn > recipe_turn), false) AS moves_on,
                coalesce(bool_or(list_contains(signals, 'negative')) FILTER (from_end <= 2), false) AS ends_badly
            FROM talks
            LEFT JOIN (
                SELECT *, row_number() OVER (PARTITION BY conversation_id ORDER BY turn DESC) AS from_end
                FROM messages
                WHERE role = 'user'
            ) USING (conversation_id)
            WHERE recipe_turn IS NOT NULL
            GROUP BY conversation_id
        )
        GROUP BY outcome
    """,
    # Beside the signals themselves: conversations with any good one, any bad one, and none at all.
    "signals": """
        SELECT signal, count(*) FROM shown GROUP BY signal
        UNION ALL
        SELECT 'any_positive', nullif(count(DISTINCT conversation_id), 0)
        FROM (
            SELECT conversation_id FROM shown WHERE signal IN ('thanks', 'saved')
            UNION ALL
            SELECT conversation_id FROM talks WHERE is_assessed AND conversation_id IN (FROM cooked)
        )
        UNION ALL
        SELECT 'any_negative', nullif(count(DISTINCT conversation_id), 0)
        FROM shown
        WHERE signal IN ('rephrase', 'refusal', 'error', 'negative')
        UNION ALL
        SELECT 'none', nullif(count(*), 0)
        FROM talks
        WHERE is_assessed AND conversation_id NOT IN (FROM cooked) AND conversation_id NOT IN (
            SELECT conversation_id FROM shown
            WHERE signal IN ('thanks', 'saved', 'rephrase', 'refusal', 'error', 'negative')
        )
    """,
    "feedback": """
        SELECT 'up', nullif(count(*) FILTER (value = 'up' OR kind = 'rating' AND value >= '4'), 0) FROM votes
        UNION ALL
        SELECT 'down', nullif(count(*) FILTER (value = 'down' OR kind = 'rating' AND value <= '2'), 0) FROM votes
        UNION ALL
        SELECT 'rating_' || value, count(*) FROM votes WHERE kind = 'rating' GROUP BY value
        UNION ALL
        SELECT 'cooked', nullif(count(*) FILTER (kind = 'cooked'), 0) FROM votes
        UNION ALL
        SELECT 'voted', nullif(count(DISTINCT conversation_id), 0)
        FROM day_rows JOIN talks USING (conversation_id)
        WHERE feedback_kind IN ('thumb', 'rating')
    """,
    "gaps_requests": _BY_NAME.format(number="requests", table="gaps"),
    "gaps_user_days": _BY_NAME.format(number="user_days", table="gaps"),
    "gaps_refused": _BY_NAME.format(number="refused", table="gaps"),
    "demand": """
        SELECT branch::VARCHAR, count(DISTINCT conversation_id)
        FROM (SELECT conversation_id, unnest(branch_ids) AS branch FROM messages)
        GROUP BY branch
    """,
    "features": """
        SELECT feature, count(DISTINCT conversation_id)
        FROM day_rows JOIN talks USING (conversation_id)
        WHERE feature IS NOT NULL
        GROUP BY feature
    """,
}

ALL_MAPS = " UNION ALL ".join(
    f"SELECT '{name}', told.* FROM ({query}) AS told(key, number)" for name, query in MAPS.items()
)
"""All of `MAPS` in one query, which takes half the time that one by one they would: name, key, number."""

USER_DAYS = "SELECT folded, user_days FROM recipes WHERE user_days > 0 ORDER BY folded"
"""How many people named each recipe on the day: what later days admit names by."""

MENTIONS = "SELECT count(*) FROM messages WHERE recipe_name IS NOT NULL"
IDS_ARE_UNIQUE = "SELECT count(*) = count(DISTINCT message_id) FROM day_rows"
KEYS_ARE_THERE = """
    SELECT count(*) = count(message_id) AND count(*) = count(conversation_id) AND count(*) = count(ts)
        AND count(*) = count(role)
    FROM day_rows
    """
DAY_IS_RIGHT = "SELECT count(*) = count(*) FILTER (local_date = $day) FROM day_rows"
