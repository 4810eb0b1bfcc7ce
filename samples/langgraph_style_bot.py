"""A small drinks agent in the manner of LangGraph: nodes that read a state and return what changes, edges that choose.

Replies are scripted, so it runs without a model and without LangGraph:
    python samples/langgraph_style_bot.py http://127.0.0.1:8000 TOKEN
"""

import asyncio
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from parcook.client import ConversationTracker, Tracker

State = dict[str, Any]
END = "end"
SCRIPT = (
    "How do I make a Negroni?",
    "I have no mixing glass, does a jar do?",
    "What's the next step?",
    "Thanks, delicious!",
)


async def web_search(_: str) -> str:
    """Find a recipe; a real one would ask the web."""
    await asyncio.sleep(0.2)
    return "## Negroni\n\n**Ingredients**\n- 1 oz London Dry Gin\n- 1 oz Campari\n- 1 oz Sweet Vermouth"


async def cookware_check(_: str) -> str:
    """See whether what is at hand will do."""
    await asyncio.sleep(0.05)
    return "A jar with a lid does very well."


TOOLS: dict[str, Callable[[str], Awaitable[str]]] = {"web_search": web_search, "cookware_check": cookware_check}


def think(heard: str) -> State:
    """Wish for a tool, or have a reply; a model would do this."""
    heard = heard.lower()
    if "how do i make" in heard:
        return {"wanted": "web_search"}
    if "glass" in heard:
        return {"wanted": "cookware_check"}
    if "next step" in heard:
        return {"reply": "Stir everything over ice for 20 seconds, then strain over a large cube."}
    return {"reply": "Enjoy!"}


class Agent:
    """The graph: hear → decide → use_tool or answer → end."""

    def __init__(self, reporting: ConversationTracker) -> None:
        self.reporting = reporting
        self.nodes: dict[str, Callable[[State], Awaitable[State]]] = {
            "hear": self.hear,
            "decide": self.decide,
            "use_tool": self.use_tool,
            "answer": self.answer,
        }
        self.edges: dict[str, Callable[[State], str]] = {
            "hear": lambda _: "decide",
            "decide": lambda state: "use_tool" if "wanted" in state else "answer",
            "use_tool": lambda _: "answer",
            "answer": lambda _: END,
        }

    async def invoke(self, state: State) -> State:
        """Follow the edges from the first node to the end."""
        node = "hear"
        while node != END:
            state = state | await self.nodes[node](state)
            node = self.edges[node](state)
        return state

    async def hear(self, state: State) -> State:
        """Report what somebody says."""
        await self.reporting.track_conversation(state["thread_id"], state["user_id"], state["heard"], "human")
        return {"tools_used": []}

    async def decide(self, state: State) -> State:
        """Choose what to do about it."""
        return think(state["heard"])

    async def use_tool(self, state: State) -> State:
        """Run the tool, and note how it went."""
        use: State = {"name": state["wanted"], "call_id": uuid.uuid4().hex, "ok": True}
        started = time.monotonic()
        try:
            reply = await TOOLS[state["wanted"]](state["heard"])
        except OSError:
            use["ok"], reply = False, "Sorry, something went wrong while I looked that up."
        use["duration_ms"] = round((time.monotonic() - started) * 1000, 1)
        return {"reply": reply, "tools_used": [*state["tools_used"], use]}

    async def answer(self, state: State) -> State:
        """Report the reply, and the tools that went into it."""
        used = {"tools_used": state["tools_used"]}
        await self.reporting.track_conversation(state["thread_id"], state["user_id"], state["reply"], "ai", used)
        return {}


async def chat(reporting: ConversationTracker) -> None:
    """One conversation, printed as it goes."""
    agent, thread_id = Agent(reporting), uuid.uuid4().hex
    for heard in SCRIPT:
        state = await agent.invoke({"thread_id": thread_id, "user_id": "u-1", "heard": heard})
        print(f"> {heard}\n{state['reply']}\n")


def main() -> int:
    """Chat, and see to it that all of it has arrived."""
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    tracker = Tracker(sys.argv[1], sys.argv[2])
    asyncio.run(chat(ConversationTracker(tracker)))
    return 0 if tracker.close() else 1


if __name__ == "__main__":
    sys.exit(main())
