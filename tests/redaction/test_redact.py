"""What is removed from texts, what is left alone, and that nothing about it can be made slow or unsafe."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcook.conversations import redact as redaction
from parcook.conversations.redact import PLACEHOLDERS, UNREDACTABLE, redact, redact_counted, truncate
from tests.redaction.scoring import CORE, KINDS, recipe_prose, score, touched, traps

COUNT = 1_500
WANTED = {
    "email": 0.99,
    "phone": 0.93,
    "phone with a cue": 0.98,
    "card": 0.96,
    "iban": 0.98,
    "ip": 0.98,
    "ssn": 0.98,
    "disguised": 0.90,
}


@pytest.mark.parametrize(("kind", "wanted"), WANTED.items())
def test_of_what_must_go_enough_is_gone(kind: str, wanted: float) -> None:
    found = score(kind, COUNT)
    assert found.recall >= wanted, found.missed[:10]


def test_every_kind_has_a_figure_to_reach() -> None:
    assert WANTED.keys() == KINDS.keys()
    scores = [score(kind, COUNT) for kind in CORE]
    assert sum(own.gone for own in scores) / sum(own.planted for own in scores) >= 0.96


def test_texts_with_traps_are_hardly_touched() -> None:
    count, changed = touched(traps(COUNT * 2))
    assert 1000 * len(changed) / count <= 10, changed[:10]


def test_real_recipes_and_cooking_talk_are_hardly_touched() -> None:
    count, changed = touched(recipe_prose())
    assert count > 10_000
    assert 1000 * len(changed) / count <= 1.5, changed[:10]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("write to jo.smith+x@mail.example.co.uk.", "write to [EMAIL]."),
        ("<jo@example.com>, mailto:ann@example.org!", "<[EMAIL]>, mailto:[EMAIL]!"),
        ("jo@example.com|bob@example.com", "[EMAIL]|[EMAIL]"),
        ("jo@example.com|bob", "[EMAIL]|bob"),
        ('"jo smith"@example.com', "[EMAIL]"),
        ("jürgen@bücher.example", "[EMAIL]"),
        ("jo@[192.0.2.7]", "[EMAIL]"),
        ("**jo@example.com**", "**[EMAIL]**"),
        ("call (555) 123-4567 now", "call [PHONE] now"),
        ("+44 20 7946 0958, thanks", "[PHONE], thanks"),
        ("555-123-4567 or 555-987-6543", "[PHONE] or [PHONE]"),
        ("555-123-4567 555-987-6543", "[PHONE] [PHONE]"),
        ("my card 4111 1111 1111 1111 exp 04/27", "my card [CARD] exp 04/27"),
        ("378282246310005", "[CARD]"),
        ("DE89 3704 0044 0532 0130 00 please", "[IBAN] please"),
        ("gb29nwbk60161331926819", "[IBAN]"),
        ("from 192.0.2.1:8080 and 2001:db8::1", "from [IP]:8080 and [IP]"),
        ("SSN 078-05-1120", "SSN [SSN]"),
        ("jo＠example．com", "[EMAIL]"),
        ("５５５-１２３-４５６７", "[PHONE]"),
        ("jo\u200b@exa\u00admple.com", "[EMAIL]"),
        ("jo (at) example (dot) com", "[EMAIL]"),
        ("jo&#64;example.com", "[EMAIL]"),
        ("jo%40example.com", "[EMAIL]"),
        ("jo @ kitchen.recipes", "[EMAIL]"),
        ("my no 0612345678", "my no [PHONE]"),
        ("τηλ 2101234567", "τηλ [PHONE]"),
        ("电话13812345678谢谢", "电话[PHONE]谢谢"),
        ("mitt nummer 40 12 34 56", "mitt nummer [PHONE]"),
    ],
)
def test_each_kind_is_replaced_by_its_placeholder_and_nothing_else_is(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Bake at 350°F (175°C) for 25-30 minutes",
        "time is 20 minutes, 4 people",
        "order 4155550123",
        "ISBN 978-3-16-148410-0",
        "EAN 4006381333931",
        "1736937000",
        "1736937000123",
        "2025-01-15 10:30:00",
        "2019-2020",
        "version 10.0.0.1",
        "software 10.0.0.1",
        "logo@2x.png",
        "meet @ the.usual place",
        "10::20",
        "12:00::",
        "call 100 200 3000",
        "call 2019 2020",
        "9780306406157 isbn",
        "415.5552671",
        "10 30 11 45",
        "1:2:3",
        "@chef_jo",
        "2 @ $5 each",
        "eggs @ room temperature",
        "look at example.com",
        "1 2 3 4 5 6 7 8 9 10",
        "4111 1111 1111 1112",
        "DE12 flour, GB29 bakery",
        "1000000 grams",
        "40.712776, -74.005974",
        "std::vector",
        "",
    ],
)
def test_what_is_nobodys_is_left_alone(text: str) -> None:
    assert redact(text) == text


def test_placeholders_are_counted_by_type() -> None:
    text, counts = redact_counted("jo@example.com, bob@example.com, 555-123-4567")
    assert text == "[EMAIL], [EMAIL], [PHONE]"
    assert counts == {"EMAIL": 2, "PHONE": 1}
    assert redact_counted("nothing here") == ("nothing here", {})


PLANTED = (
    "jo@example.com",
    "4111 1111 1111 1111",
    "+44 7911 123456",
    "192.0.2.17",
    "DE89370400440532013000",
    "078-05-1120",
)
MARKS = [*"abcXYZ0123456789@.-+/()[] \n,:#%&;éß１２\u200b\u00a0°"]
ALPHABET = st.sampled_from([*MARKS, *PLACEHOLDERS, *PLANTED, "at", "dot"])
TEXTS = st.lists(ALPHABET, max_size=40).map("".join)


@given(TEXTS)
def test_doing_it_again_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl"], exclude_characters="@＠﹫:&%[({<-"), max_size=80))
def test_text_without_digits_and_signs_comes_back_as_it_was(text: str) -> None:
    words = " ".join(word for word in text.split(" ") if word.lower() not in ("at", "dot", "punto", "punkt", "arroba"))
    assert redact(words) == words


@given(before=st.text("ab é\n", max_size=30), after=st.text("ab é\n", max_size=30), planted=st.sampled_from(PLANTED))
def test_whatever_stands_around_it_a_value_between_spaces_is_gone(before: str, after: str, planted: str) -> None:
    redacted = redact(f"{before} {planted} {after}")
    assert planted not in redacted
    assert redacted.startswith(before)
    assert redacted.endswith(after)


@given(TEXTS)
def test_no_placeholder_is_ever_cut(text: str) -> None:
    redacted = redact(text)
    ends = [(at, at + len(own)) for own in PLACEHOLDERS for at in range(len(redacted)) if redacted.startswith(own, at)]
    for limit in range(len(redacted) + 1):
        kept = len(truncate(redacted, limit))
        assert redacted[:kept] == truncate(redacted, limit)
        assert limit - max(map(len, PLACEHOLDERS)) < kept <= limit
        assert not any(start < kept < end for start, end in ends)


HOSTILE = {
    "dotted letters": "a." * 50_000,
    "signs": "@" * 100_000,
    "digits": "7" * 100_000,
    "dashes": "-" * 100_000,
    "single digits": "1-" * 50_000,
    "fours": "4444 " * 20_000,
    "threes": "555-" * 25_000,
    "addresses that end nowhere": "a@b" * 33_000,
    "spoken": "a at b dot " * 9_000,
    "brackets": "(at)" * 25_000,
    "colons": "1:" * 50_000,
    "hexadecimal": "ab:cd::" * 14_000,
    "country codes": "DE89 " * 20_000,
    "plus": "+1 " * 33_000,
    "wide": "１＠" * 50_000,
    "entities": "&#64;" * 20_000,
    "cues": "call " * 20_000,
    "octets": "1.1." * 25_000,
}


@pytest.mark.timeout(30)  # that it ends at all; how fast is measured in bench/redaction.py
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_of_200_kb_ends_and_hides_nothing(name: str) -> None:
    hostile = HOSTILE[name]
    redacted = redact(f"{hostile}\nmail jo@example.com or 4111 1111 1111 1111\n{hostile}")
    assert "jo@example" not in redacted
    assert "4111 1111" not in redacted


def test_a_failure_inside_keeps_nothing_of_the_text_and_logs_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("jo@example.com")

    monkeypatch.setattr(redaction, "find_numbers", fail)
    with caplog.at_level(logging.DEBUG):
        assert redact_counted("write to jo@example.com") == (UNREDACTABLE, {"UNREDACTABLE": 1})
    assert caplog.text == ""


@pytest.mark.parametrize("text", ["\ud800 jo@example.com", "jo@example.com\udfff", "\x00jo@example.com\x00"])
def test_text_that_is_hardly_text_is_redacted_too(text: str) -> None:
    assert "jo@" not in redact(text)
    assert "[EMAIL]" in redact(text)
