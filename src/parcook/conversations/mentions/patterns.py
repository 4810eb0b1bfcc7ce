"""Names that no catalogue knows, found by where they stand."""

from parcook.conversations.mentions.mention import Mention
from parcook.conversations.mentions.spoken import find_spoken
from parcook.conversations.mentions.written import find_written


def find_patterns(text: str, role: str) -> list[Mention]:
    """The names that patterns find in `text`, as they are said, each once."""
    lower = text.lower().replace("’", "'")
    spans = list(find_spoken(text, lower, role))
    if role == "assistant" and ("\n" in text or "**" in text or text.startswith("#")):
        spans += find_written(text)
    found: list[Mention] = []
    for span in sorted(spans, key=lambda span: span.start):
        words = set(span.name.lower().split())
        if not any(words <= set(other.name.lower().split()) for other in found):
            found.append(Mention(span.name, "pattern", None, None, span.start, span.end))
    return found
