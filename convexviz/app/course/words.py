"""The words of a lesson: heading, theorem, what to try, challenges, and the same thing in Python."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from convexviz.app.course import guide
from convexviz.app.course.glossary import Reading
from convexviz.app.course.scenes import Challenge, Guess, Prompt, Theorem
from convexviz.app.shell import state
from convexviz.app.shell.state import Begun
from convexviz.app.stage.code_files import network_file, notebook_file, script_file
from convexviz.app.stage.scene import Scene
from convexviz.core.network import ReLUNetwork

FILE_HELP = {
    "py": "Runs with pip install convexviz.",
    "ipynb": "The same in cells, for Jupyter.",
    "json": "Every digit of the network on the page, and what is proved of it: ReLUNetwork.from_dict reads it.",
}
RIGHT, WRONG = ":green[**Right.**]", "**Not so:** {right}."


def heading(title: str, claim: str, reading: Reading) -> None:
    """Title and claim of a lesson, in one compact line."""
    with st.container(key="heading", gap=None):
        st.title(title, anchor=False)
        st.markdown(reading(claim), unsafe_allow_html=True)


def idea_text(sentence: str, idea: str) -> str:
    """What came before, and the idea, in Markdown."""
    opening = f"*So far:* {sentence}\n\n" if sentence else ""
    return opening + idea


def before(sentence: str, idea: str, reading: Reading) -> None:
    """What came before, and the idea, in one element: Streamlit visits every element of a page after every gesture."""
    st.markdown(reading(idea_text(sentence, idea)), unsafe_allow_html=True)


def theorem_text(said: Theorem) -> str:
    """What the lesson rests on, and where it ends, in Markdown."""
    parts = [f"**What is proved.** {said.statement}"]
    if said.assumptions:
        parts.append("**It assumes**\n" + "\n".join(f"- {line}" for line in said.assumptions))
    if said.beyond:
        parts.append(f"**Beyond the paper.** {said.beyond}")
    parts.append(f"**Not claimed.** {said.not_claimed}")
    return "\n\n".join(parts)


def theorem(said: Theorem, reading: Reading) -> None:
    """The same, in one element."""
    with st.container(key="theorem", border=True):
        st.markdown(reading(theorem_text(said)), unsafe_allow_html=True)


def prompts(shown: Sequence[Prompt], reading: Reading) -> None:
    """What to try."""
    with st.container(key="prompts", gap="xxsmall"):
        st.subheader("Try this", anchor=False)
        for prompt in shown:
            _prompt(prompt, reading)


def _prompt(prompt: Prompt, reading: Reading) -> None:
    st.button(
        prompt.title,
        key=f"try-{prompt.name}",
        icon=":material/arrow_upward:",
        type="tertiary",
        on_click=state.begin,
        args=(Begun("try", prompt.name), prompt.changes),
    )
    words = prompt.words
    if prompt.guess is not None:
        answer = state.current().guesses.get(prompt.name)
        if answer is None:
            _ask(prompt, prompt.guess)
            return
        right = answer == prompt.guess.right
        words = f"{RIGHT if right else WRONG.format(right=prompt.guess.right)} {words}"
    st.caption(reading(words), unsafe_allow_html=True)


def _ask(prompt: Prompt, guess: Guess) -> None:
    """The question, and an answer for each button: giving one begins the prompt and reveals its words."""
    st.caption(guess.question)
    with st.container(key=f"guess-{prompt.name}", horizontal=True, gap="xsmall"):
        for k, answer in enumerate(guess.answers):
            st.button(answer, key=f"guess-{prompt.name}-{k}", on_click=_answer, args=(prompt, answer))


def _answer(prompt: Prompt, answer: str) -> None:
    state.current().guesses[prompt.name] = answer
    state.begin(Begun("try", prompt.name), prompt.changes)


def challenges(shown: Sequence[Challenge]) -> None:
    """What to reach by hand; the guide marks what was."""
    if not shown:
        return
    with st.container(key="challenges", gap="xxsmall"):
        st.subheader("Challenges", anchor=False)
        for challenge in shown:
            with st.container(key=f"challenge-{challenge.name}"):
                guide.challenge_button(challenge)


@st.dialog("The same in Python", width="large", icon=":material/code:")
def open_code(scene: Scene, network: ReLUNetwork | None = None) -> None:
    """Code that makes what the page shows, to copy or as files, and the network with its certificate."""
    st.code(scene.code, language="python")
    files = [
        ("Script", "py", "text/x-python", script_file(scene)),
        ("Notebook", "ipynb", "application/x-ipynb+json", notebook_file(scene)),
        ("Network", "json", "application/json", network_file(scene, network)),
    ]
    with st.container(key="code-files", horizontal=True, vertical_alignment="center", gap="small"):
        for label, ending, mime, content in files:
            if content is not None:
                name = f"{scene.address}.{ending}"
                st.download_button(
                    f"{label} (.{ending})",
                    content,
                    name,
                    mime,
                    key=f"code-{ending}",
                    icon=":material/download:",
                    help=FILE_HELP[ending],
                    on_click="ignore",
                )
