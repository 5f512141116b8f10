"""A talk as text: what was written is read, and what is damaged, too long or wrong is told in a clear sentence."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convexviz.app.stage.talk import scenes
from convexviz.app.stage.talk.scenes import Talk, TalkError, TalkScene

NAMES = st.from_regex(scenes.NAME, fullmatch=True)
WORDS = st.text(max_size=40).map(lambda text: " ".join(text.encode("utf-8", "ignore").decode().split()))
SCENES = st.builds(
    TalkScene,
    NAMES,
    st.dictionaries(NAMES, WORDS, max_size=3),
    WORDS,
    st.lists(NAMES, max_size=2).map(tuple),
    st.sampled_from(["", "beta", "film"]),
    st.sampled_from(["", "light", "dark"]),
)
TALK = Talk("Convex", tuple(TalkScene("splines", {"beta": f"0.{k}"}, f"Scene {k}", ("board",)) for k in range(1, 6)))


@given(st.builds(Talk, WORDS, st.lists(SCENES, max_size=4).map(tuple)))
def test_a_talk_comes_back_from_its_link_and_its_file(talk: Talk) -> None:
    assert scenes.decode(scenes.encode(talk)) == talk
    assert scenes.from_json(scenes.to_json(talk)) == talk


def test_a_link_needs_no_escape() -> None:
    assert scenes.encode(TALK).replace("-", "").replace("_", "").isalnum()


@given(st.data())
def test_a_damaged_link_is_told_and_never_believed(data: st.DataObject) -> None:
    text = scenes.encode(TALK)
    k = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("AZaz09-_!é"))
    for damaged in (text[:k], text[:k] + other + text[k + 1 :]):
        try:
            found = scenes.decode(damaged)
        except TalkError:
            continue
        assert found == TALK  # the last letter of base64 holds bits that nobody reads


def test_a_bomb_is_not_inflated() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * (scenes.MOST_FILE + 1))).decode().rstrip("=")
    with pytest.raises(TalkError, match="too much"):
        scenes.decode(bomb)


def test_what_is_too_long_for_a_link_is_told() -> None:
    noisy = Talk(scenes=tuple(TalkScene("plane", {"points": _noise(k)}) for k in range(20)))
    with pytest.raises(TalkError, match="keep it as a file"):
        scenes.encode(noisy)
    assert scenes.from_json(scenes.to_json(noisy)) == noisy
    with pytest.raises(TalkError, match="at most 30000"):
        scenes.decode("A" * (scenes.MOST_LINK + 1))


def _noise(seed: int) -> str:
    return "".join(f"{zlib.crc32(f'{seed} {k}'.encode()):08x}" for k in range(400))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "must be JSON"),
        ("[]", "no talk"),
        ('{"convexviz-talk": 2, "scenes": []}', "no talk"),
        ('{"convexviz-talk": 1, "scenes": 3}', "must be a list"),
        ('{"convexviz-talk": 1, "scenes": [3]}', "must be an object"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "../x"}]}', "small letters"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "query": {"n": 3}}]}', "must name texts"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "show": ["a", "b", "c"]}]}', "at most 2"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "show": ["a{}"]}]}', "small letters"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "theme": "red"}]}', "must be one of"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "hand": ["beta"]}]}', "must be one of"),
        ('{"convexviz-talk": 1, "scenes": [{"lesson": "plane", "sentence": 1}]}', "must be a text"),
        (json.dumps({"convexviz-talk": 1, "title": "a" * 301, "scenes": []}), "at most 300"),
        (json.dumps({"convexviz-talk": 1, "scenes": [{"lesson": "plane"}] * 101}), "at most 100"),
    ],
)
def test_a_wrong_file_is_told_with_what_must_hold(text: str, complaint: str) -> None:
    with pytest.raises(TalkError, match=complaint):
        scenes.from_json(text)


def test_scenes_are_moved_removed_and_changed() -> None:
    words = [scene.sentence for scene in TALK.moved(0, 3).scenes]
    assert words == ["Scene 2", "Scene 3", "Scene 4", "Scene 1", "Scene 5"]
    assert len(TALK.without(2).scenes) == 4
    assert TALK.changed(1, sentence="New").scenes[1].sentence == "New"
    full = Talk(scenes=(TalkScene("plane"),) * scenes.MOST_SCENES)
    with pytest.raises(TalkError, match="at most 100"):
        full.added(TalkScene("plane"))
