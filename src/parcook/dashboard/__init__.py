"""The page: static modules that draw artifacts, and how they are published."""
