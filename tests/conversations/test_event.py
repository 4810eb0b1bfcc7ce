"""What a reported event may hold, under which names, and what each fault is called."""

from typing import Any

import pytest

from parcook.conversations.event import Draft, read_event
from parcook.errors import Rejected

PLAIN = {"message_id": "m-1", "conversation_id": "c-1", "role": "user"}


def read(**fields: Any) -> Draft:
    return read_event(PLAIN | fields)


def code_of(raw: object) -> str:
    with pytest.raises(Rejected) as refusal:
        read_event(raw)
    return refusal.value.code


def test_an_event_without_a_message_id_is_given_one_that_sorts_by_time() -> None:
    drafts = [read_event({"conversation_id": "c-1", "role": "user"}) for _ in range(3)]
    ids = [draft.message_id for draft in drafts]
    assert len(set(ids)) == 3
    assert all(own_id[14] == "7" and own_id[19] in "89ab" and len(own_id) == 36 for own_id in ids)


@pytest.mark.parametrize("alias", ["session_id", "thread_id", "gen_ai.conversation.id"])
def test_a_conversation_goes_by_several_names(alias: str) -> None:
    assert read_event({"role": "user", alias: "c-9"}).conversation_id == "c-9"


def test_a_fields_own_name_wins_over_its_other_names() -> None:
    assert read(session_id="other").conversation_id == "c-1"
    assert read(text="own", message="other", content="other").text == "own"
    assert read(text=None, content="other").text == "other"


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ("user", "user"),
        ("human", "user"),
        ("HUMAN", "user"),
        ("ai", "assistant"),
        ("bot", "assistant"),
        ("model", "assistant"),
        ("assistant", "assistant"),
        ("system", "system"),
        ("tool", "tool"),
    ],
)
def test_roles_go_by_several_names(given: str, role: str) -> None:
    assert read(role=given).role == role


@pytest.mark.parametrize("role", [None, "", "customer", 7, ["user"], True])
def test_another_role_is_refused(role: object) -> None:
    assert code_of(PLAIN | {"role": role}) == "bad_role"


@pytest.mark.parametrize("field", ["message_id", "conversation_id", "user_id", "anonymous_id"])
@pytest.mark.parametrize("value", ["x" * 129, ["x"], {"id": 1}, 1.5, True, float("nan"), "\ud800", 10**400])
def test_an_id_that_is_none_is_refused(field: str, value: object) -> None:
    assert code_of(PLAIN | {field: value}) == "bad_id"


@pytest.mark.parametrize("raw", [None, [], "event", 7, {"role": "user"}, PLAIN | {"conversation_id": ""}])
def test_an_event_without_a_conversation_is_refused(raw: object) -> None:
    assert code_of(raw) == "bad_id"


def test_ids_may_be_128_characters_of_any_script_and_whole_numbers() -> None:
    draft = read(message_id="é" * 128, conversation_id=42)
    assert (draft.message_id, draft.conversation_id) == ("é" * 128, "42")


@pytest.mark.parametrize("nobody", [None, "", "default"])
def test_nobody_in_particular_has_no_user_id(nobody: object) -> None:
    draft = read(user_id=nobody, anonymous_id="v-1")
    assert (draft.user_id, draft.anonymous_id) == (None, "v-1")


def test_people_go_by_the_names_of_opentelemetry_too() -> None:
    draft = read(**{"enduser.id": "u-1", "enduser.pseudo.id": "v-1"})
    assert (draft.user_id, draft.anonymous_id) == ("u-1", "v-1")


def test_the_text_of_content_blocks_is_what_they_say() -> None:
    blocks = ["Hello", {"type": "text", "text": "world"}, {"type": "image_url", "image_url": "…"}, {"text": 7}]
    draft = read(content=blocks)
    assert (draft.text, draft.message_length) == ("Hello\nworld", 11)


@pytest.mark.parametrize("text", [7, True, {"text": "x"}, "\ud800", ["\udfff"]])
def test_a_text_that_is_none_is_refused(text: object) -> None:
    assert code_of(PLAIN | {"text": text}) == "bad_text"


def test_an_empty_text_was_sent_and_none_was_not() -> None:
    assert read(text="").message_length == 0
    assert read().message_length is None


def test_tools_are_names_or_objects_and_known_ones_have_one_name() -> None:
    draft = read(tools=["tavily_search", {"name": "check_cookware", "ok": False, "duration_ms": 12, "call_id": "x"}])
    assert [(tool.name, tool.ok, tool.duration_ms, tool.call_id) for tool in draft.tools] == [
        ("web_search", None, None, None),
        ("cookware_check", False, 12.0, "x"),
    ]
    assert [tool.name for tool in read(**{"gen_ai.tool.name": "SERP"}).tools] == ["web_search"]
    assert [tool.name for tool in read(tools_used=["google_search", "search"]).tools] == ["web_search"] * 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tools": 7}, "bad_name"),
        ({"tools": ["Web Search!"]}, "bad_name"),
        ({"tools": ["x" * 65]}, "bad_name"),
        ({"tools": [{}]}, "bad_name"),
        ({"tools": [{"name": "x", "duration_ms": float("nan")}]}, "bad_number"),
        ({"tools": [{"name": "x", "duration_ms": float("inf")}]}, "bad_number"),
        ({"tools": [{"name": "x", "duration_ms": -1}]}, "bad_number"),
        ({"tools": [{"name": "x", "duration_ms": "12"}]}, "bad_number"),
        ({"tools": [{"name": "x", "duration_ms": 10**400}]}, "bad_number"),
        ({"tools": [{"name": "x", "ok": "yes"}]}, "bad_number"),
        ({"recipe": {"id": "7"}}, "bad_number"),
        ({"recipe": {"id": 0}}, "bad_number"),
        ({"recipe": {"id": 2**63}}, "bad_number"),
        ({"recipe": {"id": True}}, "bad_number"),
        ({"recipe": {"name": ""}}, "bad_name"),
        ({"recipe": {"name": "x" * 201}}, "bad_name"),
        ({"recipe": {"name": 7}}, "bad_name"),
        ({"feature": "Meal Plan"}, "bad_name"),
        ({"feature": "x" * 65}, "bad_name"),
        ({"context": {"channel": "Web!"}}, "bad_name"),
        ({"context": {"locale": "english"}}, "bad_name"),
        ({"context": {"app_version": "a b"}}, "bad_name"),
        ({"context": {"opt_out": 1}}, "bad_number"),
        ({"context": "web"}, "bad_name"),
        ({"internal": "true"}, "bad_number"),
        ({"metadata": [1]}, "bad_name"),
        ({"feedback": {"kind": "thumb", "value": "sideways"}}, "bad_feedback"),
        ({"feedback": {"kind": "thumb", "value": True}}, "bad_feedback"),
        ({"feedback": {"kind": "rating", "value": 0}}, "bad_feedback"),
        ({"feedback": {"kind": "rating", "value": 6}}, "bad_feedback"),
        ({"feedback": {"kind": "rating", "value": 2.5}}, "bad_feedback"),
        ({"feedback": {"kind": "rating", "value": float("nan")}}, "bad_feedback"),
        ({"feedback": {"kind": "rating", "value": True}}, "bad_feedback"),
        ({"feedback": {"kind": "cooked", "value": False}}, "bad_feedback"),
        ({"feedback": {"kind": "cooked", "value": 1}}, "bad_feedback"),
        ({"feedback": {"kind": ["thumb"], "value": "up"}}, "bad_feedback"),
        ({"feedback": "up"}, "bad_feedback"),
        ({"feedback": {"kind": "thumb", "value": "up", "target_message_id": 1.5}}, "bad_id"),
        ({"timestamp": "2025-01-15T10:30:00"}, "timestamp_naive"),
        ({"timestamp": 1736937000}, "bad_timestamp"),
    ],
)
def test_each_fault_has_its_code(fields: dict[str, Any], code: str) -> None:
    assert code_of(PLAIN | fields) == code


@pytest.mark.parametrize(
    ("feedback", "told"),
    [
        ({"kind": "thumb", "value": "up"}, ("thumb", "up")),
        ({"kind": "thumb", "value": "down"}, ("thumb", "down")),
        ({"kind": "rating", "value": 1}, ("rating", "1")),
        ({"kind": "rating", "value": 5.0}, ("rating", "5")),
        ({"kind": "cooked", "value": True}, ("cooked", "true")),
    ],
)
def test_feedback_of_every_kind_is_taken(feedback: dict[str, Any], told: tuple[str, str]) -> None:
    draft = read(feedback=feedback | {"target_message_id": "m-0"})
    assert (draft.feedback_kind, draft.feedback_value, draft.feedback_target) == (*told, "m-0")


def test_a_recipe_is_an_id_a_name_or_both() -> None:
    draft = read(recipe={"id": 7, "name": "  Gin \u00a0 Fizz "})
    assert (draft.recipe_id, draft.recipe_name) == (7, "Gin Fizz")
    assert read(recipe="Negroni").recipe_name == "Negroni"


def test_context_is_taken_apart_and_what_is_unknown_dropped_with_one_warning() -> None:
    draft = read(
        context={
            "locale": "pt_BR",
            "timezone": "Europe/Lisbon",
            "channel": "web",
            "app_version": "2.1",
            "shoe_size": 43,
        },
        colour="red",
        shape="round",
    )
    assert (draft.locale, draft.channel, draft.app_version) == ("pt-BR", "web", "2.1")
    assert draft.warnings == ["unknown_field"]


def test_no_reason_repeats_what_was_sent() -> None:
    planted = "jo@example.com"
    for field in ("role", "feature", "timestamp", "feedback", "context", "metadata", "tools", "recipe", "internal"):
        value = {"id": planted, "name": [planted], "kind": planted} if field in ("recipe", "feedback") else planted
        with pytest.raises(Rejected) as refusal:
            read(**{field: value})
        assert planted not in refusal.value.detail
