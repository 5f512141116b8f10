"""The dialog in which a talk is built: this scene is added, the list is put in order, kept, given and printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from convexviz.app.components import talk as browser
from convexviz.app.shell import state
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.talk import given, layout, print_part
from convexviz.app.stage.talk.scenes import MOST_WORDS, Hand, Talk, TalkError, TalkScene, encode, from_json, to_json

TALK = "cvz-talk"  # session keys: the talk that is built,
OPENED = "cvz-talk-opened"  # how often the dialog was opened,
HEARD = "cvz-talk-heard"  # at which opening the browser has told what it keeps,
TURN = "cvz-talk-turn"  # how often the list was put in another order: widgets are known by it and their row,
TOLD = "cvz-talk-told"  # and what has to be said once

NOTHING = "nothing"
HAND_WORDS: dict[Hand, str] = {"": "nothing", "beta": "the slider of β", "film": "the film"}
THEMES = {"": "as the screen's", "light": "light", "dark": "dark"}
HELP = (
    "**→**, Space and PageDown go on, **←** and PageUp go back; **B** or . blanks the screen, **T** turns light into "
    "dark, **R** brings a scene back as it was, **F** fills the screen, **Esc** leaves. **Shift+P** on any lesson goes "
    "back into the talk that was left, or puts the page on stage as it is."
)


def opened() -> None:
    """The dialog is about to open."""
    st.session_state[OPENED] = st.session_state.get(OPENED, 0) + 1


def show(scene: Scene) -> None:
    """All of the dialog; `scene` is the one on the page."""
    with st.container(key="talk-dialog"):
        _say()
        _this_scene(scene)
        talk = now()
        st.subheader(f"The talk: {_count(talk)}", anchor=False)
        _taken_from_stage(talk)
        if talk.scenes:
            _list(talk, scene)
            _give(talk)
        _files(talk)
        if talk.scenes:
            print_part.show(talk, _root())
        _keep()


def now() -> Talk:
    """The talk as it stands."""
    talk: Talk = st.session_state.setdefault(TALK, Talk())
    return talk


def _put(talk: Talk, turned: bool = True) -> None:
    st.session_state[TALK] = talk
    if turned:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _count(talk: Talk) -> str:
    n = len(talk.scenes)
    return "no scene yet" if not n else "one scene" if n == 1 else f"{n} scenes"


# ---------------------------------------------------------------- kept in the browser


def _keep() -> None:
    """The list goes into the browser at each change; when the dialog opens, what is there comes first."""
    opening = st.session_state.get(OPENED, 0)
    browser.mount_list({"opened": opening, "text": to_json(now()) if _heard() else None}, _hear)


def _heard() -> bool:
    """Whether the browser has told what it keeps: before that nothing is added, or it would be overwritten."""
    return st.session_state.get(HEARD) == st.session_state.get(OPENED, 0)


def _hear(kept: object) -> None:
    st.session_state[HEARD] = st.session_state.get(OPENED, 0)
    text = kept.get("text") if isinstance(kept, Mapping) else None
    if not isinstance(text, str) or not text:
        return
    try:
        found = from_json(text)
    except TalkError:
        return  # of an older version, or no talk of ours: what the session has stays
    if found != now():
        _put(found)


def _say() -> None:
    told = st.session_state.pop(TOLD, None)
    if told:
        st.error(told)


# ---------------------------------------------------------------- this scene


def _this_scene(scene: Scene) -> None:
    """The scene on the page, as it would be added."""
    names = layout.names(scene.parts)
    first = layout.first(scene.address, scene.parts)
    st.text_input(
        "Sentence above it",
        scene.claim[:MOST_WORDS],
        key="talk-sentence",
        max_chars=MOST_WORDS,
        help="`**bold**` and `*italic*` may stand in it.",
    )
    left, right, hand, theme = st.columns(4)
    left.selectbox(
        "Picture",
        list(names),
        index=_index(names, first, 0),
        format_func=lambda name: names.get(name, name),
        key="talk-left",
    )
    beside = [NOTHING, *names]
    right.selectbox(
        "Beside it",
        beside,
        index=_index(beside, first, 1),
        format_func=lambda name: names.get(name, NOTHING),
        key="talk-right",
    )
    hand.selectbox("At hand", layout.hands(scene.parts), format_func=HAND_WORDS.__getitem__, key="talk-hand",
                   help="What can be moved on stage, beside the board.")  # fmt: skip
    theme.selectbox("Colours", list(THEMES), format_func=THEMES.__getitem__, key="talk-theme")
    alone, add = st.columns(2)
    add.button("Add this scene", icon=":material/add:", type="primary", key="talk-add", width="stretch",
               on_click=_add, args=(scene,), disabled=not _heard())  # fmt: skip
    if alone.button("Show it alone, now", icon=":material/present_to_all:", key="talk-alone", width="stretch"):
        _start(Talk(scenes=(_made(scene),)), 0)


def _index(options: Any, chosen: tuple[str, ...], k: int) -> int:
    return list(options).index(chosen[k]) if len(chosen) > k else 0


def _made(scene: Scene) -> TalkScene:
    """The scene with what the widgets say."""
    chosen = st.session_state
    show = dict.fromkeys(name for name in (chosen["talk-left"], chosen["talk-right"]) if name and name != NOTHING)
    return TalkScene(
        scene.address,
        _settings(scene),
        " ".join(chosen["talk-sentence"].split()),
        tuple(show),
        chosen["talk-hand"],
        chosen["talk-theme"],
    )


def _settings(scene: Scene) -> dict[str, str]:
    return {name: value for name, value in scene.query.items() if name not in state.GUIDED}


def _add(scene: Scene) -> None:
    try:
        _put(now().added(_made(scene)))
    except TalkError as error:
        st.session_state[TOLD] = str(error)


# ---------------------------------------------------------------- the list


def _taken_from_stage(talk: Talk) -> None:
    """A talk that came by a link can be taken over into the list."""
    left = given.left()
    if left is None or left.scenes == talk.scenes or len(left.scenes) < 2:
        return
    st.button(f"Take over the talk that was just given ({_count(left)})", icon=":material/input:", key="talk-take",
              on_click=_put, args=(left,))  # fmt: skip


def _list(talk: Talk, scene: Scene) -> None:
    turn = st.session_state.get(TURN, 0)
    st.text_input("Title of the talk", talk.title, key=f"talk-title-{turn}", max_chars=MOST_WORDS,
                  on_change=_retitle, args=(f"talk-title-{turn}",))  # fmt: skip
    for k, told in enumerate(talk.scenes):
        _row(k, told, len(talk.scenes), turn, scene)


def _row(k: int, told: TalkScene, count: int, turn: int, scene: Scene) -> None:
    with st.container(key=f"talk-row-{k}", horizontal=True, vertical_alignment="bottom", gap="xxsmall"):
        key = f"talk-words-{turn}-{k}"
        st.text_input(f"{k + 1} · {_words(told)}", told.sentence, key=key, max_chars=MOST_WORDS,
                      on_change=_reword, args=(k, key))  # fmt: skip
        _icon("arrow_upward", "Earlier", f"talk-up-{k}", lambda: _put(now().moved(k, k - 1)), disabled=not k)
        _icon("arrow_downward", "Later", f"talk-down-{k}", lambda: _put(now().moved(k, k + 1)), disabled=k + 1 == count)
        same = told.lesson == scene.address
        words = "Take the page as it is now instead" if same else "Only on the page of its lesson: take that instead"
        _icon("sync", words, f"talk-renew-{k}", lambda: _renew(k, scene), disabled=not same)
        _icon("delete", "Remove", f"talk-remove-{k}", lambda: _put(now().without(k)))
        if st.button("", icon=":material/play_arrow:", key=f"talk-from-{k}", help="Start from here"):
            _start(now(), k)


def _icon(icon: str, words: str, key: str, act: Callable[[], None], disabled: bool = False) -> None:
    st.button("", icon=f":material/{icon}:", key=key, help=words, on_click=act, disabled=disabled)


def _words(told: TalkScene) -> str:
    shown = " and ".join(name.replace("-", " ") for name in told.show) or "as the lesson puts it"
    return f"{told.lesson.replace('-', ' ')}: {shown}"


def _retitle(key: str) -> None:
    _put(Talk(" ".join(st.session_state[key].split()), now().scenes), turned=False)


def _reword(k: int, key: str) -> None:
    if k < len(now().scenes):
        _put(now().changed(k, sentence=" ".join(st.session_state[key].split())), turned=False)


def _renew(k: int, scene: Scene) -> None:
    """The state of the page in place of that of scene k; sentence and pictures stay."""
    _put(now().changed(k, query=_settings(scene)))


# ---------------------------------------------------------------- given and kept


def _give(talk: Talk) -> None:
    try:
        text = encode(talk)
    except TalkError as error:
        st.warning(str(error))
        return
    st.caption("The talk as one link: whoever opens it can give it.")
    lesson, query = given.address_of(text, talk, 0)
    with st.container(key="talk-link"):
        st.code(f"{_root()}/{lesson}?{urlencode(query)}", language=None, wrap_lines=False)
    if st.button("Start the talk", icon=":material/present_to_all:", type="primary", key="talk-start", width="stretch"):
        _start(talk, 0)
    st.caption(HELP)


def _start(talk: Talk, at: int) -> None:
    try:
        st.session_state[given.WANTED] = given.address_of(encode(talk), talk, at)
    except TalkError as error:
        st.error(str(error))
        return
    st.rerun()


def _root() -> str:
    """The address of the app."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}" if parts.netloc else ""


def _files(talk: Talk) -> None:
    down, up = st.columns(2)
    if talk.scenes:
        down.download_button("Save as a file", to_json(talk), "talk.json", "application/json", key="talk-save",
                             icon=":material/download:", width="stretch", on_click="ignore")  # fmt: skip
    with up.popover("Open a file", icon=":material/upload:", width="stretch"):
        upload = st.file_uploader("A talk that was saved here", type="json", key="talk-open")
        if upload is not None and st.button("Take this talk", key="talk-open-take"):
            _open(upload.getvalue())


def _open(content: bytes) -> None:
    try:
        _put(from_json(content.decode("utf-8", errors="replace")))
    except TalkError as error:
        st.error(str(error))
        return
    st.rerun(scope="fragment")
