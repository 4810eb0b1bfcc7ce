"""The numbers of one day as plain SQL over its rows: `day_rows` and `day_calls`, as the lake holds them.

A message is text of a user or an assistant; a conversation is one id with at least one message. Rows stand in the
order in which things were said, as in the files of the lake, so their `rowid` tells what came first: to sort a day
again would take longer than all the rest. Nor is the day read once for each number: one pass works out what each
conversation adds to all of them (`talks`), one what names recipes (`mentions`), and the rest is asked of these.
"""

VIEWS = (
    """
    CREATE TEMP VIEW happenings AS
    SELECT *, CASE WHEN role IN ('user', 'assistant') AND message_length IS NOT NULL THEN rowid END AS turn
    FROM day_rows
    """,
    "CREATE TEMP VIEW messages AS FROM happenings WHERE turn IS NOT NULL",
)

TABLES = (
    """
    CREATE OR REPLACE TEMP TABLE talks AS
    SELECT
        conversation_id, messages, user_turns, started_at, signals, is_assessed, is_voted,
        list_has_any(signals, ['thanks', 'saved']) OR is_cooked AS is_good,
        list_has_any(signals, ['rephrase', 'refusal', 'error', 'negative']) AS is_bad,
        CASE
            WHEN recipe_turn IS NULL THEN NULL
            WHEN breaks_off THEN 'abandoned'
            WHEN is_cooked THEN 'confirmed'
            WHEN moving_on_turn > recipe_turn AND NOT list_contains(ends_badly, true) THEN 'likely'
            WHEN last_user_turn > recipe_turn THEN 'engaged'
            ELSE 'browsed'
        END AS outcome
    FROM (
        SELECT
            conversation_id,
            count(turn) AS messages,
            count(turn) FILTER (role = 'user') AS user_turns,
            arg_min(local_hour, turn) AS started_at,
            coalesce(list_distinct(flatten(list(signals) FILTER (turn IS NOT NULL AND len(signals) > 0))), [])
                AS signals,
            bool_and(turn IS NULL OR locale IS NULL OR lower(locale[:3]) IN ('en', 'en-', 'en_')) AS is_assessed,
            coalesce(bool_or(feedback_kind IN ('thumb', 'rating')), false) AS is_voted,
            coalesce(bool_or(feedback_kind = 'cooked'), false) AS is_cooked,
            arg_max(role = 'user' AND list_contains(signals, 'question') OR list_contains(signals, 'error'), turn)
                AS breaks_off,
            min(turn) FILTER (recipe_name IS NOT NULL) AS recipe_turn,
            max(turn) FILTER (role = 'user') AS last_user_turn,
            max(turn) FILTER (role = 'user' AND list_has_any(signals, ['next_step', 'timer', 'done']))
                AS moving_on_turn,
            coalesce(arg_max(list_contains(signals, 'negative'), turn, 2) FILTER (role = 'user'), []) AS ends_badly
        FROM happenings
        GROUP BY conversation_id
    )
    WHERE messages > 0
    """,
    """
    CREATE OR REPLACE TEMP TABLE mentions AS
    SELECT turn, conversation_id, user_id, role, lower(recipe_name) AS folded, recipe_name, recipe_id, category
    FROM messages
    WHERE recipe_name IS NOT NULL
    """,
    """
    CREATE OR REPLACE TEMP TABLE votes AS
    SELECT arg_max(feedback_kind, rowid) AS kind, arg_max(feedback_value, rowid) AS value
    FROM day_rows
    WHERE feedback_kind IS NOT NULL
    GROUP BY
        coalesce(user_id, conversation_id), coalesce(feedback_target, conversation_id), feedback_kind = 'cooked'
    """,
)

OF_ROWS = """
    SELECT
        count(*) AS rows,
        count(DISTINCT message_id) = count(*) AS ids_are_unique,
        count(message_id) + count(conversation_id) + count(ts) + count(role) = 4 * count(*) AS keys_are_there,
        count(*) FILTER (local_date = $day) = count(*) AS day_is_right,
        count(DISTINCT user_id) FILTER (turn IS NOT NULL) AS unique_users,
        count(turn) FILTER (recipe_name IS NOT NULL) AS mentions,
        count(turn) FILTER (recipe_id IS NOT NULL) AS matched_mentions
    FROM happenings
    """
OF_TALKS = """
    SELECT
        count(*) AS total_conversations,
        coalesce(sum(messages), 0)::BIGINT AS total_messages,
        count(*) FILTER (is_assessed) AS assessed_conversations,
        count(outcome) AS recipe_conversations,
        (SELECT count(DISTINCT conversation_id) FROM day_calls SEMI JOIN talks USING (conversation_id))
            AS tool_conversations
    FROM talks
    """

MAPS = {
    "hours": "SELECT printf('%02d', started_at), count(*) FROM talks GROUP BY started_at",
    "lengths": "SELECT messages::VARCHAR, count(*) FROM talks GROUP BY messages",
    "user_turns": "SELECT user_turns::VARCHAR, count(*) FROM talks GROUP BY user_turns",
    "outcomes": "SELECT outcome, count(*) FROM talks WHERE outcome IS NOT NULL GROUP BY outcome",
    # Beside the signals themselves: conversations with any good one, any bad one, and none at all.
    "signals": """
        SELECT signal, count(*)
        FROM (
            SELECT unnest(
                signals
                || if(is_good, ['any_positive'], [])
                || if(is_bad, ['any_negative'], [])
                || if(is_good OR is_bad, [], ['none'])
            ) AS signal
            FROM talks
            WHERE is_assessed
        )
        GROUP BY signal
    """,
    "features": """
        SELECT feature, count(DISTINCT conversation_id)
        FROM day_rows SEMI JOIN talks USING (conversation_id)
        WHERE feature IS NOT NULL
        GROUP BY feature
    """,
    "feedback": """
        SELECT told, count(*)
        FROM (
            SELECT unnest(
                if(value = 'up' OR kind = 'rating' AND value >= '4', ['up'], [])
                || if(value = 'down' OR kind = 'rating' AND value <= '2', ['down'], [])
                || if(kind = 'rating', ['rating_' || value], [])
                || if(kind = 'cooked', ['cooked'], [])
            ) AS told
            FROM votes
            UNION ALL
            SELECT 'voted' FROM talks WHERE is_voted
        )
        GROUP BY told
    """,
    "tools_conversations": """
        SELECT name, count(DISTINCT conversation_id)
        FROM day_calls SEMI JOIN talks USING (conversation_id)
        GROUP BY name
    """,
    "tools_calls": "SELECT name, count(*) FROM day_calls GROUP BY name",
    "tools_errors": "SELECT name, count(*) FROM day_calls WHERE NOT ok GROUP BY name",
    # Eight buckets from one power of two to the next; each is called by the milliseconds in its middle.
    "tools_ms": """
        SELECT name || '|' || round(power(2, round(8 * log2(greatest(duration_ms, 1))) / 8))::BIGINT, count(*)
        FROM day_calls
        WHERE duration_ms IS NOT NULL
        GROUP BY ALL
    """,
}

ALL_MAPS = " UNION ALL ".join(
    f"SELECT '{name}', told.* FROM ({query}) AS told(key, number)" for name, query in MAPS.items()
)
"""All of `MAPS` in one query, which takes half the time that one by one they would: name, key, number."""

SPELLINGS = "SELECT folded, recipe_name, count(*), bool_or(recipe_id IS NOT NULL) FROM mentions GROUP BY ALL"
"""How each recipe was spelled: its name in small letters, a spelling, how often, whether the catalogue has that."""

RECIPES = """
    SELECT folded, sum(uses)::BIGINT, count(*), count(*) FILTER (is_asked), count(*) FILTER (is_offered)
    FROM (
        SELECT folded, count(*) AS uses, bool_or(role = 'user') AS is_asked, bool_or(role = 'assistant') AS is_offered
        FROM mentions
        GROUP BY folded, conversation_id
    )
    GROUP BY folded
    """
"""Of each recipe: mentions, and conversations: all, those in which it was asked for, those in which it was offered."""

USER_DAYS = "SELECT folded, count(DISTINCT user_id) FROM mentions GROUP BY folded ORDER BY folded"
"""How many people named each recipe on the day, or were offered it."""

REQUESTS = "SELECT folded, count(*), count(DISTINCT user_id) FROM mentions WHERE role = 'user' GROUP BY folded"
"""Of each recipe: requests, which are messages of users that name it, and by how many people."""

REFUSED = """
    WITH refusing AS (SELECT conversation_id FROM talks WHERE list_contains(signals, 'refusal'))
    SELECT folded, count(*), count(DISTINCT asking.user_id)
    FROM (FROM mentions SEMI JOIN refusing USING (conversation_id) WHERE role = 'user') AS asking
    ASOF JOIN (FROM messages SEMI JOIN refusing USING (conversation_id) WHERE role = 'assistant') AS answer
        ON answer.conversation_id = asking.conversation_id AND answer.turn > asking.turn
    WHERE list_contains(answer.signals, 'refusal')
    GROUP BY folded
    """
"""As `REQUESTS`, of those that the next answer refused."""

SUBJECTS = """
    SELECT recipes, categories, count(*)
    FROM (
        SELECT
            list_sort(list(DISTINCT recipe_id) FILTER (recipe_id IS NOT NULL)) AS recipes,
            list_sort(list(DISTINCT coalesce(category, 'uncategorised'))) AS categories
        FROM mentions
        GROUP BY conversation_id
    )
    GROUP BY recipes, categories
    """
"""What conversations were about: ids of recipes, categories, and how many conversations that was."""

BRANCHES = "SELECT recipe_id, any_value(branch_ids) FROM messages WHERE recipe_id IS NOT NULL GROUP BY recipe_id"
"""The branches of each recipe; the day has one snapshot of the catalogue, so they are the same in all its rows."""
