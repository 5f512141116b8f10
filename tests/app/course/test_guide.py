"""Tours and challenges: how they are entered, gone through, judged and left; guesses come before their words."""

from __future__ import annotations

import json
from typing import Any

from streamlit.testing.v1 import AppTest

SECONDS = 60  # the first run imports everything


def toy() -> None:
    """A lesson of one number: a tour of two stops, a challenge, and something to guess first."""
    from dataclasses import dataclass, replace

    import streamlit as st

    from convexviz.app.course.lesson import Lesson
    from convexviz.app.course.scenes import Challenge, Guess, Prompt, Step
    from convexviz.app.shell import controls
    from convexviz.app.shell.settings import setting
    from convexviz.app.shell.share import show_link_problems

    @dataclass(frozen=True)
    class Toy:
        size: int = setting(3, "int", "Size", lo=1, hi=9)
        hide: str = setting("", "words", "Hidden", choices=("share",))

        @classmethod
        def assembled(cls, values):
            return cls(**values), []

        def changed(self, **changes):
            return replace(self, **changes)

        def hides(self, group):
            return group in self.hide.split(",")

    def true(settings):
        return {"bigger": settings.size > 3}

    lesson = Lesson(
        address="toy",
        title="Toy",
        claim="A claim.",
        card="A card.",
        settings=Toy,
        controls=lambda settings: controls.number("size"),
        body=lambda settings: st.write(f"size {settings.size}"),
        idea="An idea.",
        prompts=(
            Prompt("big", "Big", "It is *nine*.", {"size": 9}, true, guess=Guess("How?", ("bigger", "less"), "bigger")),
        ),
        code=lambda settings: "",
        tour=(Step("one", "One", "Stop one.", {"size": 4}, true), Step("two", "Two", "Stop two.", {"size": 5}, true)),
        challenges=(
            Challenge("seven", "Make it 7.", "Count.", "Seven!", {"size": 2}, lambda s, p: s.size == 7, {"size": 7}),
        ),
    )
    lesson.enter()
    show_link_problems()
    lesson.page()


def opened(**query: str) -> AppTest:
    at = AppTest.from_function(toy, default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def told(at: AppTest) -> str:
    """All that is written on the page."""
    assert not at.exception
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def sent(at: AppTest) -> dict[str, Any]:
    """What the guide was sent."""
    [guide] = [block for block in at.get("bidi_component") if block.proto.component_name == "convexviz_guide"]
    return json.loads(guide.proto.json)


def link(at: AppTest) -> dict[str, str]:
    return {name: values if isinstance(values, str) else values[0] for name, values in at.query_params.items()}


def test_a_tour_is_entered_gone_through_and_left_and_the_address_goes_along() -> None:
    at = opened()
    assert "Stop one." not in told(at)
    at.button(key="open-tour").click().run()
    assert "size 4" in told(at)
    assert "1/2 · One" in told(at)
    assert sent(at)["scene"].startswith("toy/tour/one/")
    assert link(at) == {"tour": "one"}
    at.button(key="tour-next").click().run()
    assert "size 5" in told(at)
    assert link(at) == {"tour": "two"}
    at.button(key="tour-back").click().run()
    assert "Stop one." in told(at)
    at.button(key="guide-end").click().run()
    assert "Stop one." not in told(at)
    assert "size 4" in told(at)  # what is on the page stays
    assert link(at) == {}


def test_a_link_to_a_stop_brings_its_state_and_beside_settings_its_words_alone() -> None:
    assert "size 5" in told(opened(tour="two"))
    at = opened(tour="two", size="8")
    assert "Stop two." in told(at)
    assert "size 8" in told(at)


def test_a_link_to_a_stop_that_there_is_not_says_so_and_opens_the_lesson() -> None:
    at = opened(tour="nine")
    assert "none of that name" in "\n".join(warning.value for warning in at.warning)
    assert "size 3" in told(at)


def test_settings_may_be_changed_at_a_stop_without_leaving_it() -> None:
    at = opened(tour="two")
    at.number_input(key="set-size").set_value(6).run()
    assert "size 6" in told(at)
    assert "Stop two." in told(at)


def test_what_is_shared_at_a_stop_opens_there_in_the_same_state() -> None:
    at = opened(tour="two")
    at.number_input(key="set-size").set_value(6).run()
    at.button(key="share-button").click().run()
    assert link(at) == {"tour": "two", "size": "6"}
    again = opened(**link(at))
    assert "size 6" in told(again)
    assert "Stop two." in told(again)


def test_what_is_shared_at_a_stop_in_the_default_state_opens_in_that_state() -> None:
    at = opened(tour="two")
    at.number_input(key="set-size").set_value(3).run()
    at.button(key="share-button").click().run()
    assert link(at) == {"tour": "two", "size": "3"}
    assert "size 3" in told(opened(**link(at)))


def test_an_address_that_the_browser_still_says_after_it_was_replaced_is_not_read_again() -> None:
    at = opened(tour="two")
    at.button(key="guide-end").click().run()
    at.query_params["tour"] = "two"  # a click that was sent before the browser had heard of the new address
    at.number_input(key="set-size").set_value(6).run()
    assert "Stop two." not in told(at)
    assert "size 6" in told(at)
    assert link(at) == {}


def test_a_challenge_is_judged_after_every_change_and_rewarded_once_it_is_met() -> None:
    at = opened()
    at.button(key="begin-seven").click().run()
    assert "size 2" in told(at)
    assert (sent(at)["challenge"], sent(at)["done"], sent(at)["reward"]) == ("toy/seven", False, "")
    at.number_input(key="set-size").set_value(7).run()
    assert (sent(at)["done"], sent(at)["reward"]) == (True, "Seven!")
    at.button(key="guide-end").click().run()
    assert sent(at)["challenge"] == ""


def test_one_guesses_before_the_words_are_shown() -> None:
    at = opened()
    assert "nine" not in told(at)
    at.button(key="guess-big-1").click().run()
    assert "size 9" in told(at)
    assert "Not so:** bigger" in told(at)
    assert "nine" in told(at)


def test_a_right_guess_is_said_to_be_right() -> None:
    assert "Right." in told(opened().button(key="guess-big-0").click().run())
