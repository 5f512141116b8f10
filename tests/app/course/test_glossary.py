"""The glossary explains a word where it first stands, and leaves everything that is not plain text alone."""

from __future__ import annotations

import re

import pytest

from convexviz.app.course.glossary import WORDS, Reading
from convexviz.app.lessons.registry import LESSONS

MARKED = re.compile(
    r'<span class="cvz-word" tabindex="0" data-testid="glossary">(.*?)'
    r'<span class="cvz-tip" role="tooltip">.*?</span></span>'
)
MOST = 200  # characters of an explanation: it is read in passing
WANTED = {  # the words that a course cannot do without
    *("ReLU", "neuron", "ramp", "kink", "weight decay", "convex", "dual vector", "weak duality", "certificate", "gap"),
    *("oracle", "extreme point", "polar", "gauge", "hinge"),
}


def plain(marked: str) -> str:
    """The text without what the glossary put there."""
    return MARKED.sub(r"\1", marked)


def test_a_word_is_explained_once_where_it_first_stands() -> None:
    reading = Reading()
    first, second = reading("A **neuron** and more neurons."), reading("Another neuron with a kink.")
    assert MARKED.findall(first) == ["neuron"]
    assert MARKED.findall(second) == ["kink"]
    assert plain(first) == "A **neuron** and more neurons."


@pytest.mark.parametrize(
    "text",
    [
        "$neuron$",
        "$$\n\\text{kink}\n$$",
        "`cv.neuron`",
        "[the hinge](https://example.org/hinge)",
        "### A neuron",
        '<b title="kink">…</b>',
        "superneuron, neuron-like, gapless",
    ],
)
def test_formulas_code_links_headings_tags_and_parts_of_words_are_left_alone(text: str) -> None:
    assert Reading()(text) == text


def test_the_longest_word_wins() -> None:
    assert MARKED.findall(Reading()("the squared loss of a linear spline")) == ["squared loss", "linear spline"]


def test_the_words_of_the_course_are_there_and_their_explanations_short() -> None:
    assert set(WORDS) >= WANTED
    for word, entry in WORDS.items():
        assert entry.meaning.endswith((".", "?"))
        assert len(entry.meaning) <= MOST
        assert any(form.lower().startswith(word.lower()[:4]) for form in entry.forms)
        assert not re.search(r"[<>$`*]", entry.meaning)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.address)
def test_marking_a_lesson_changes_none_of_its_words(lesson: object) -> None:
    reading = Reading()
    texts = [lesson.claim, lesson.idea, *(prompt.words for prompt in lesson.prompts)]  # type: ignore[attr-defined]
    marked = [reading(text) for text in texts]
    assert [plain(text) for text in marked] == texts
    assert sum(len(MARKED.findall(text)) for text in marked) >= 3


def test_every_word_of_the_glossary_stands_somewhere_in_the_course() -> None:
    reading = Reading()
    for lesson in LESSONS:
        said = lesson.theorem
        about = [said.statement, *said.assumptions, said.beyond, said.not_claimed] if said else []
        scenes = [scene.words for scene in (*lesson.prompts, *lesson.tour)]
        tasks = [text for challenge in lesson.challenges for text in (challenge.ask, challenge.hint)]
        for text in (lesson.claim, lesson.before, lesson.idea, *about, *scenes, *tasks):
            reading(text)
    assert set(WORDS) - reading.seen == set()
