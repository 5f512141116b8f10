"""The page to take home as text: what is in it, that nothing in it leads outside, and that no word can break it."""

from __future__ import annotations

import base64
import gzip
import json
import re
import tomllib
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from convexviz.app.components.web import FILES, imports
from convexviz.app.headless import scene_at
from convexviz.app.lessons.registry import LESSONS
from convexviz.app.stage.scene import Scene
from convexviz.app.stage.take_home import Inside, file_name, files, take_home_page
from convexviz.app.stage.take_home.dialog import server, size, unready
from convexviz.app.stage.take_home.page import STILL
from convexviz.app.stage.take_home.words import as_html

ROOT = Path(__file__).resolve().parents[4]
ADDRESSES = [lesson.address for lesson in LESSONS]
FETCHED = re.compile(r"(?i)@import|url\(\s*['\"]?(?!data:)")  # by a style sheet
LEADING = {"src", "href", "action", "data", "poster", "srcset"}  # attributes that lead somewhere


class Reader(HTMLParser):
    """The elements of a page in their order, with their attributes and what they say."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self.open: list[int] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in {"meta", "link", "br", "hr", "img", "mspace"}:
            self.open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.found[self.open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.found[place][2].append(data)

    def of(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and text of the elements that have these attributes."""
        matching = [(has, said) for name, has, said in self.found if name == tag and wanted.items() <= has.items()]
        return [(has, "".join(said)) for has, said in matching]


@cache
def scene_of(address: str) -> Scene:
    return scene_at(f"/{address}", films=True)


def parts_in(page: str) -> list[dict[str, Any]]:
    [(_, text)] = Reader(page).of("script", id="cvz-scene")
    return json.loads(text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_lesson_becomes_one_file_that_leads_nowhere_outside(address: str) -> None:
    scene = scene_of(address)
    page = take_home_page(scene)
    read = Reader(page)
    for tag, has, _ in read.found:
        outward = [value for name, value in has.items() if name in LEADING]
        assert tag == "a" or all(value.startswith("data:") for value in outward), (tag, has)
    assert [tag for tag, *_ in read.found if tag in {"iframe", "object", "embed", "base", "form"}] == []
    assert not any(FETCHED.search(text) for _, text in read.of("style"))
    own = [text for has, text in (*read.of("script"), *read.of("style")) if has.get("id") != "cvz-plotly"]
    assert {host for text in own for host in re.findall(r"https?://([\w.]*)", text)} <= {"www.w3.org"}  # names of SVG
    assert take_home_page(scene) == page


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_file_holds_the_messages_that_the_app_has_sent(address: str) -> None:
    scene = scene_of(address)
    page = take_home_page(scene)
    parts = {part["key"]: part for part in parts_in(page)}
    assert list(parts) == [key for key in scene.parts if key in parts]
    for key, part in scene.parts.items():
        still = STILL if part.kind == "board" else {"live": False} if part.kind == "slider" else {}
        assert parts[key]["data"] == json.loads(json.dumps({**part.data, **still})), key
    hosts = [has["data-part"] for _, has, _ in Reader(page).found if "data-part" in has]
    assert sorted(hosts) == sorted(parts)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_words_are_html_and_their_formulas_mathml(address: str) -> None:
    scene = scene_of(address)
    read = Reader(take_home_page(scene))
    formulas = sum(
        len(re.findall(r"\$\$.+?\$\$|\$[^$]+\$", text, re.S)) for text in (scene.claim, *scene.words.values())
    )
    assert len(read.of("math")) == formulas
    assert [text for _, text in read.of("merror")] == []
    for name in ("cvz-page-text", "cvz-page-text cvz-page-theorem", "cvz-page-claim"):
        for _, said in read.of("div", **{"class": name}):
            assert not re.search(r"\$|\\|:[a-z-]+\[|:material|\*\*|&[a-z]*;|^#", said, re.M), said
    assert [text for _, text in read.of("h1")] == [scene.title]
    [(_, code)] = read.of("pre")
    assert code == scene.code


def test_no_word_of_a_scene_can_end_the_element_that_it_stands_in() -> None:
    evil = "</script><script>alert(1)</script><!-- \u2028 ' \" & <img src=x onerror=alert(1)>"
    scene = scene_of("kernel-matrix")
    badge = scene.of("badge")[0]
    parts = {**scene.parts, badge.key: replace(badge, data={**badge.data, "message": evil})}
    told = replace(scene, title=evil, claim=evil, code=evil, words={"idea": evil}, query={"q": evil}, parts=parts)
    page, plain = Reader(take_home_page(told)), Reader(take_home_page(scene))
    assert len(page.of("script")) == len(plain.of("script"))
    assert page.of("img") == []
    assert [text for _, text in page.of("h1")] == [evil]
    [(_, text)] = page.of("script", id="cvz-scene")
    assert [part["data"]["message"] for part in json.loads(text) if part["key"] == badge.key] == [evil]


def test_what_is_inside_can_be_chosen() -> None:
    scene = scene_of("splines")
    bare = Reader(take_home_page(scene, Inside(path=False, film=False, text=False, code=False)))
    full = Reader(take_home_page(scene))
    kinds = [{has["data-kind"] for _, has, _ in read.found if "data-kind" in has} for read in (bare, full)]
    assert kinds == [{"board", "badge", "chart"}, {"board", "badge", "chart", "slider", "path"}]
    assert [len(read.of("pre")) for read in (bare, full)] == [0, 1]
    assert [len(read.of("section")) for read in (bare, full)] == [0, 1]
    film = scene_of("cutting-planes")
    assert [part["kind"] for part in parts_in(take_home_page(film, Inside(film=False)))].count("film") == 0
    assert [part["kind"] for part in parts_in(take_home_page(film))].count("film") == 1


def test_a_path_of_other_points_and_a_film_that_is_not_made_are_left_out_and_named() -> None:
    scene = scene_of("splines")
    assert unready(scene) == []
    path = scene.of("path")[0]
    for changes, said in (({"path_rev": "older"}, "not solved yet"), ({"frames": None}, "not solved yet")):
        other = replace(scene, parts={**scene.parts, path.key: replace(path, data={**path.data, **changes})})
        assert {part["kind"] for part in parts_in(take_home_page(other))} == {"board", "badge", "chart"}
        assert [said in words for words in unready(other)] == [True]
    part = replace(scene, parts={**scene.parts, path.key: replace(path, data={**path.data, "complete": False})})
    assert ["in part" in words for words in unready(part)] == [True]
    assert [p["data"]["complete"] for p in parts_in(take_home_page(part)) if p["kind"] == "path"] == [True]

    played = scene_of("cutting-planes")
    film = played.of("film")[0]
    unmade = replace(played, parts={**played.parts, film.key: replace(film, data={**film.data, "frames": None})})
    assert [film.data["title"] in words for words in unready(unmade)] == [True]
    assert not [part for part in parts_in(take_home_page(unmade)) if part["kind"] == "film"]


def test_plotly_comes_along_compressed_where_a_figure_needs_it() -> None:
    [(_, packed)] = Reader(take_home_page(scene_of("splines"))).of("script", id="cvz-plotly")
    assert gzip.decompress(base64.b64decode(packed)).startswith(b"/**")
    assert Reader(take_home_page(scene_of("dual"))).of("script", id="cvz-plotly") == []
    assert len(take_home_page(scene_of("dual"))) < 500_000
    assert len(take_home_page(scene_of("splines"))) < 3_500_000


def test_the_modules_are_those_of_the_app_each_after_what_it_imports() -> None:
    read = Reader(take_home_page(scene_of("dual")))
    texts = {has["data-file"]: text for has, text in read.of("script") if "data-file" in has}
    for path, text in texts.items():
        source = files.INSTEAD.get(path, path)
        assert text.replace("<\\/script", "</script").strip() == FILES[source].strip()
        before = list(texts)[: list(texts).index(path)]
        assert set(imports(source)) <= set(before), path
    assert {"badge/proof_check.js", "badge/proof_worker.js", "player/film.js"} <= set(texts)


def test_modules_in_a_circle_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    circle = {files.GLUE: ["a.js"], "a.js": ["b.js"], "b.js": ["a.js"], files.WORKER: []}
    monkeypatch.setattr(files, "imports", circle.__getitem__)
    with pytest.raises(ValueError, match=r"circle: take_home/page\.js → a\.js → b\.js → a\.js"):
        files.modules.__wrapped__()


def test_the_colours_are_those_of_the_app() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    style = FILES["take_home/take_home.css"]
    for name, selector in (("light", ":root {"), ("dark", ':root[data-theme="dark"] {')):
        block = style.split(selector, 1)[1].split("}", 1)[0]
        for key, value in theme[name].items():
            variable = "--st-" + re.sub(r"([A-Z])", r"-\1", key).lower()
            if f"{variable}:" in block:
                assert re.search(rf"{variable}: ([^;]+);", block)[1].lower() == value.lower(), variable  # type: ignore[index]
        needed = {f"--st-{part}-color" for part in ("primary", "background", "text", "border", "link", "green", "gray")}
        assert needed <= set(re.findall(r"(--st-[\w-]+):", block))


def test_every_colour_that_a_component_asks_for_is_there() -> None:
    own = set(re.findall(r"(--st-[\w-]+):", FILES["take_home/take_home.css"]))
    asked = {name for path in files.modules() for name in re.findall(r"--st-[a-z]+(?:-[a-z]+)*", files.text_of(path))}
    asked |= {name for path in files.STYLES for name in re.findall(r"--st-[a-z]+(?:-[a-z]+)*", FILES[path])}
    for lesson in LESSONS:
        charts = [text for part in scene_of(lesson.address).of("chart") for text in part.data["figures"].values()]
        asked |= {name for text in charts for name in re.findall(r"--st-[a-z]+(?:-[a-z]+)*", text)}
    assert asked - {"--st-dataframe"} <= own


def test_the_name_of_the_file_says_lesson_and_state() -> None:
    scene = scene_of("splines")
    assert file_name(scene) == "convexviz-splines.html"
    assert (
        file_name(replace(scene, query={"beta": "0.2", "loss": "hinge"}))
        == "convexviz-splines-beta-0.2-loss-hinge.html"
    )
    long = file_name(replace(scene, query={"points": "1,2;" * 100, "x": "../../etc"}))
    assert re.fullmatch(r"[\w.+-]{1,90}\.html", long)


def test_the_link_is_named_and_leads_to_a_server_that_others_reach() -> None:
    scene = replace(scene_of("splines"), query={"beta": "0.2"})
    [(_, foot)] = Reader(take_home_page(scene)).of("footer")
    assert "/splines?beta=0.2" in foot
    links = Reader(take_home_page(scene, address="https://example.org/convex")).of("a")
    assert [text for has, text in links if has["href"] == "https://example.org/convex/splines?beta=0.2"]
    assert server("https://example.org/convex/splines?beta=1", scene) == "https://example.org/convex"
    assert [server(url, scene) for url in ("", "http://localhost:8501/splines", "http://127.0.0.1/splines")] == [
        "",
        "",
        "",
    ]
    assert [size(980), size(367_400), size(2_587_000)] == ["1 kB", "367 kB", "2.6 MB"]


def test_markdown_is_read_as_streamlit_reads_it() -> None:
    assert as_html(":red[**no**] :material/check: yes") == "<p><strong>no</strong> yes</p>"
    assert as_html("a :blue-background[b] c") == "<p>a b c</p>"
    assert "<table>" in as_html("| a | b |\n|---|---|\n| 1 | 2 |")
    made = as_html("$$\n\\begin{aligned} a &= |x| \\\\ b &= \\min_f c \\end{aligned}\n$$")
    assert "<mtable" in made
    assert "&amp;" not in re.sub(r'alttext="[^"]*"', "", made)
    assert '<mo stretchy="false" lspace="0em" rspace="0em">|</mo>' in made
    assert "<munder><mo>min</mo><mi>f</mi></munder>" in made
