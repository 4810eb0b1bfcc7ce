"""The access table: who may call which route. A route without a row here stops start-up."""

from collections.abc import Mapping

from parcook.access import Role

BASE = "/api/v1"

ACCESS: Mapping[tuple[str, str], Role] = {
    ("GET", "/"): Role.PUBLIC,
    ("GET", "/tables.html"): Role.PUBLIC,
    ("GET", "/assets/{version}/{file_name}"): Role.PUBLIC,
    ("GET", "/healthz"): Role.PUBLIC,
    ("GET", "/readyz"): Role.PUBLIC,
    ("GET", "/metrics"): Role.PUBLIC,
    ("GET", "/sign-in"): Role.PUBLIC,
    ("POST", "/sign-out"): Role.PUBLIC,
    ("GET", "/analytics/v1/{file_name}"): Role.PUBLIC,
    ("GET", "/insights/v1/{file_name}"): Role.VIEWER,
    ("GET", f"{BASE}/analytics/ingredient-usage"): Role.PUBLIC,
    ("GET", f"{BASE}/analytics/recipe-complexity"): Role.PUBLIC,
    ("GET", f"{BASE}/analytics/{{analytics_type}}"): Role.PUBLIC,
    ("GET", f"{BASE}/ingredients"): Role.PUBLIC,
    ("POST", f"{BASE}/ingredients"): Role.ADMIN,
    ("POST", f"{BASE}/ingredients/bulk"): Role.ADMIN,
    ("GET", f"{BASE}/ingredients/{{ingredient_id}}"): Role.PUBLIC,
    ("PUT", f"{BASE}/ingredients/{{ingredient_id}}"): Role.ADMIN,
    ("PATCH", f"{BASE}/ingredients/{{ingredient_id}}"): Role.ADMIN,
    ("DELETE", f"{BASE}/ingredients/{{ingredient_id}}"): Role.ADMIN,
    ("GET", f"{BASE}/recipes"): Role.PUBLIC,
    ("POST", f"{BASE}/recipes"): Role.ADMIN,
    ("POST", f"{BASE}/recipes/bulk"): Role.ADMIN,
    ("GET", f"{BASE}/recipes/search"): Role.PUBLIC,
    ("GET", f"{BASE}/recipes/{{recipe_id}}"): Role.PUBLIC,
    ("PUT", f"{BASE}/recipes/{{recipe_id}}"): Role.ADMIN,
    ("PATCH", f"{BASE}/recipes/{{recipe_id}}"): Role.ADMIN,
    ("DELETE", f"{BASE}/recipes/{{recipe_id}}"): Role.ADMIN,
    ("GET", f"{BASE}/units"): Role.PUBLIC,
    ("POST", f"{BASE}/units"): Role.ADMIN,
    ("GET", f"{BASE}/units/{{unit_id}}"): Role.PUBLIC,
    ("GET", f"{BASE}/metrics"): Role.VIEWER,
    ("GET", f"{BASE}/metrics/{{metric_name}}"): Role.VIEWER,
    ("POST", f"{BASE}/track"): Role.INGEST,
    ("POST", f"{BASE}/batch"): Role.INGEST,
    ("GET", f"{BASE}/today"): Role.VIEWER,
    ("DELETE", f"{BASE}/users/{{user_id}}"): Role.ADMIN,
    ("GET", f"{BASE}/users/{{user_id}}/export"): Role.ADMIN,
    ("DELETE", f"{BASE}/conversations/{{conversation_id}}"): Role.ADMIN,
    ("GET", f"{BASE}/erasures/{{request_id}}"): Role.ADMIN,
}

MAX_BODY = 10_000_000
BODY_LIMITS: Mapping[tuple[str, str], int] = {
    ("POST", f"{BASE}/track"): 500_000,
    ("POST", f"{BASE}/batch"): 500_000,
}
"""Routes that read their body themselves, and how many bytes it may have; all other bodies have `MAX_BODY`."""
