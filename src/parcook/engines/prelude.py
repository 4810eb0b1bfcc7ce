"""What makes DuckDB read the portable subset of Trino's dialect as Trino does (SQL.md in the design)."""

SETTINGS = ("SET TimeZone = 'UTC'", "SET integer_division = true", "SET default_null_order = 'nulls_last'")

MACROS = (
    "CREATE MACRO day_of_week(d) AS isodow(d)",
    "CREATE MACRO element_at(m, k) AS m[k]",
)
"""Functions that have Trino's names and mean something else here, or do not exist."""
