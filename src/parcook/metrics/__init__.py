"""Questions: each metric is one SQL file, and the library that knows them all."""
