"""What the lessons promise: every "try this" of every lesson shows what its words claim, on the state that it sets."""

from __future__ import annotations

import pytest

from convexviz.app.course.lesson import Lesson
from convexviz.app.course.scenes import Prompt
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import from_query, to_query

PROMISES = [
    pytest.param(lesson, prompt, id=f"{lesson.address}-{prompt.name}")
    for lesson in LESSONS
    for prompt in lesson.prompts
]


@pytest.mark.parametrize(("lesson", "prompt"), PROMISES)
def test_what_a_prompt_claims_holds_in_the_state_that_it_sets(lesson: Lesson, prompt: Prompt) -> None:
    claims = prompt.check(lesson.settings().changed(**prompt.changes))
    assert claims
    assert [claim for claim, holds in claims.items() if not holds] == []


@pytest.mark.parametrize(("lesson", "prompt"), PROMISES)
def test_a_prompt_sets_what_it_names_and_a_link_brings_it_back(lesson: Lesson, prompt: Prompt) -> None:
    start = lesson.settings().changed(**prompt.changes)
    assert {name: getattr(start, name) for name in prompt.changes} == prompt.changes
    assert from_query(to_query(start), lesson.settings) == (start, [])


def test_every_lesson_has_something_to_try_and_no_two_prompts_share_a_name() -> None:
    for lesson in LESSONS:
        names = [prompt.name for prompt in lesson.prompts]
        assert len(names) >= 3
        assert len(set(names)) == len(names)
