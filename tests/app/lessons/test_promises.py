"""What the lessons promise: every "try this" of every lesson shows what its words claim, on the state that it sets."""

from __future__ import annotations

import re

import pytest

from convexviz.app.course.lesson import Lesson
from convexviz.app.course.scenes import Challenge, Prompt, Step
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.shell.settings import from_query, to_query

pytestmark = pytest.mark.usefixtures("own_time")  # digits and cutting planes stop when their time is up

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


STEPS = [pytest.param(lesson, step, id=f"{lesson.address}-{step.name}") for lesson in LESSONS for step in lesson.tour]
CHALLENGES = [
    pytest.param(lesson, challenge, id=f"{lesson.address}-{challenge.name}")
    for lesson in LESSONS
    for challenge in lesson.challenges
]


@pytest.mark.parametrize(("lesson", "step"), STEPS)
def test_what_a_stop_of_a_tour_says_holds_in_the_state_that_it_sets(lesson: Lesson, step: Step) -> None:
    start = lesson.settings().changed(**step.changes)
    assert from_query(to_query(start), lesson.settings) == (start, [])
    claims = step.check(start)
    assert claims
    assert [claim for claim, holds in claims.items() if not holds] == []


@pytest.mark.parametrize(("lesson", "challenge"), CHALLENGES)
def test_a_challenge_is_open_where_it_begins_and_there_is_a_way_to_meet_it(
    lesson: Lesson, challenge: Challenge
) -> None:
    start = lesson.settings().changed(**challenge.changes)
    end = start.changed(**challenge.answer)
    assert from_query(to_query(start), lesson.settings) == (start, [])
    assert from_query(to_query(end), lesson.settings) == (end, [])
    assert not challenge.solved(start, lesson.named(start))
    assert challenge.solved(end, lesson.named(end))


@pytest.mark.parametrize(("lesson", "prompt"), PROMISES)
def test_the_right_guess_is_among_the_claims(lesson: Lesson, prompt: Prompt) -> None:
    if prompt.guess is not None:
        assert prompt.guess.right in prompt.check(lesson.settings().changed(**prompt.changes))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_names_of_scenes_tell_them_apart_and_fit_a_link(lesson: Lesson) -> None:
    for scenes in (lesson.prompts, lesson.tour, lesson.challenges):
        names = [scene.name for scene in scenes]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_a_lesson_is_a_course_of_its_own(lesson: Lesson) -> None:
    assert lesson.before.endswith(".")
    assert lesson.theorem is not None
    assert lesson.theorem.statement
    assert lesson.theorem.assumptions
    assert lesson.theorem.not_claimed
    assert len(lesson.tour) >= 3
    assert lesson.challenges
    assert any(prompt.guess for prompt in lesson.prompts)
