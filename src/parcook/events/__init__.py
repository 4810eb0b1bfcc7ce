"""Where events rest: the restricted store of what was said, by pseudonym, for 90 days."""
