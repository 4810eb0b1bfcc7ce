"""What a chatbot imports: reporting messages without ever blocking, or failing, the chat. Standard library only.

    t = Tracker("http://127.0.0.1:8000", token="…")
    t.track_message("c-1", "u-1", "user", "a quick negroni?")

Messages wait in a bounded queue and are sent in batches by a thread of their own, again and again until the server
has answered for them. `close()` (or leaving a `with` block, or the end of the process) sends what is left.
"""

from parcook.client.conversation import ConversationTracker
from parcook.client.tracker import Receipt, Tracker

__all__ = ["ConversationTracker", "Receipt", "Tracker"]
