"""Who runs SQL: DuckDB here, Athena or Trino at scale, behind one contract."""
