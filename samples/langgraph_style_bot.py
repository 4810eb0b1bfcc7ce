"""A small drinks agent in the manner of LangGraph: nodes that pass a state on, two tools, and every message reported.

Replies are scripted, so it runs without a model and without LangGraph:
    python samples/langgraph_style_bot.py http://127.0.0.1:8000 TOKEN
"""

import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from parcook.client import Tracker

State = dict[str, Any]
Node = Callable[[State, Tracker], str | None]

SCRIPT = (
    "How do I make a Negroni?",
    "I have no mixing glass, does a jar do?",
    "What's the next step?",
    "Thanks, delicious!",
)


def web_search(_: State) -> str:
    """Find a recipe; a real one would ask the web."""
    time.sleep(0.01)
    return "## Negroni\n\n**Ingredients**\n- 1 oz London Dry Gin\n- 1 oz Campari\n- 1 oz Sweet Vermouth"


def cookware_check(_: State) -> str:
    """See whether what is at hand will do."""
    return "A jar with a lid does very well."


TOOLS: dict[str, Callable[[State], str]] = {"web_search": web_search, "cookware_check": cookware_check}


def listen(state: State, tracker: Tracker) -> str | None:
    """Hear the next message, or end."""
    if not state["script"]:
        return None
    state["heard"] = state["script"].pop(0)
    state["tool_calls"], state["reply"] = [], "Enjoy!"
    tracker.track_message(state["thread_id"], state["user_id"], "human", state["heard"])
    return "decide"


def decide(state: State, _: Tracker) -> str | None:
    """Choose a tool by what was heard; a model would."""
    heard = state["heard"].lower()
    if "how do i make" in heard:
        state["wanted"] = "web_search"
        return "use_tool"
    if "glass" in heard:
        state["wanted"] = "cookware_check"
        return "use_tool"
    if "next step" in heard:
        state["reply"] = "Stir everything over ice for 20 seconds, then strain over a large cube."
    return "answer"


def use_tool(state: State, _: Tracker) -> str | None:
    """Run the tool, and note how it went."""
    started = time.monotonic()
    call = {"name": state["wanted"], "call_id": uuid.uuid4().hex, "ok": True}
    try:
        state["reply"] = TOOLS[state["wanted"]](state)
    except OSError:
        call["ok"], state["reply"] = False, "Sorry, something went wrong while I looked that up."
    state["tool_calls"].append(call | {"duration_ms": round((time.monotonic() - started) * 1000, 1)})
    return "answer"


def answer(state: State, tracker: Tracker) -> str | None:
    """Say the reply."""
    tracker.track_message(state["thread_id"], state["user_id"], "ai", state["reply"], tools=state["tool_calls"])
    print(f"> {state['heard']}\n{state['reply']}\n")
    return "listen"


GRAPH: dict[str, Node] = {"listen": listen, "decide": decide, "use_tool": use_tool, "answer": answer}


def run(tracker: Tracker) -> None:
    """One conversation, from the first node to the end."""
    state: State = {"thread_id": uuid.uuid4().hex, "user_id": "maria", "script": list(SCRIPT)}
    node: str | None = "listen"
    while node is not None:
        node = GRAPH[node](state, tracker)


def main() -> int:
    """Run it against the server and the token of the command line."""
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    tracker = Tracker(
        sys.argv[1], sys.argv[2], on_error=lambda code, detail: print(f"{code}: {detail}", file=sys.stderr)
    )
    run(tracker)
    return 0 if tracker.close() else 1


if __name__ == "__main__":
    sys.exit(main())
