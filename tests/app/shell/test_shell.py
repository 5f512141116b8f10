"""The shell without a browser: frame, settings in the session, widgets, share link, error guard, plotly route."""

from __future__ import annotations

import gc
import gzip
import textwrap
from pathlib import Path

import plotly
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from convexviz.app.lessons.registry import LESSONS
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import errors, startup
from convexviz.app.shell.share import address

ROOT = Path(__file__).resolve().parents[3]
FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything

CONTROLS = """
import streamlit as st
from convexviz.app.lessons.splines.settings import SplineSettings
from convexviz.app.shell import controls, share, state
from convexviz.app.shell.settings import LOSSES

settings = state.load_settings("splines", SplineSettings)
share.show_link_problems()
controls.choice("task", style="radio")
controls.choice("loss", LOSSES[state.load_settings("splines", SplineSettings).task], style="select")
controls.log_slider("beta", 1e-3, 10.0)
controls.number("n", hi=200, slider=True)
controls.number("seed")
controls.toggle("envelope")
controls.text("formula")
st.button("try", on_click=state.update, kwargs={"beta": 0.5, "seed": 7})
settings = state.load_settings("splines", SplineSettings)
st.session_state["seen"] = settings
st.session_state["loads"] = state.link_loads()
share.share_button(lambda: st.session_state.get("drawn", ""))
share.show_address(settings, lambda: st.session_state.get("drawn", ""))
"""


def main_page() -> AppTest:
    return AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)


@pytest.fixture
def controls() -> AppTest:
    """A small page with each kind of widget."""
    return AppTest.from_string(CONTROLS, default_timeout=SECONDS)


def seen(at: AppTest) -> SplineSettings:
    assert not at.exception
    return at.session_state["seen"]


# --- frame ---------------------------------------------------------------------------------------------------------


def test_every_page_has_a_file_and_runs_in_the_frame() -> None:
    for name in ("home", *(lesson.address for lesson in LESSONS)):
        at = main_page().run()
        at.switch_page(f"{FROM_MAIN}/{name}.py").run()
        assert not at.exception, name
        assert not at.error, name


def test_every_file_in_pages_is_in_the_frame() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == {"home", *(lesson.address for lesson in LESSONS)}


def test_a_damaged_link_is_named_on_the_page() -> None:
    at = main_page().run()
    at.query_params["beta"] = "abc"
    at.switch_page(f"{FROM_MAIN}/splines.py").run()
    assert "`beta=abc`: it must be a number" in at.warning[0].value


# --- settings in the session ---------------------------------------------------------------------------------------


def test_defaults_come_from_the_table(controls: AppTest) -> None:
    assert seen(controls.run()) == SplineSettings()
    assert controls.radio[0].value == "regression"
    assert controls.select_slider[0].value == 0.05
    assert not controls.warning


def test_a_link_sets_the_widgets(controls: AppTest) -> None:
    for name, value in {"loss": "logistic", "beta": "0.1234", "n": "17", "envelope": "1", "f": "x"}.items():
        controls.query_params[name] = value
    controls.run()
    assert (seen(controls).task, controls.selectbox[0].value) == ("classification", "logistic")
    assert controls.select_slider[0].value == 0.1234
    assert (controls.slider[0].value, controls.toggle[0].value, controls.text_input[0].value) == (17, True, "x")


def test_a_widget_writes_its_setting(controls: AppTest) -> None:
    controls.run().toggle[0].set_value(True).run()
    controls.number_input[0].set_value(3).run()
    assert seen(controls) == SplineSettings(envelope=True, seed=3)


def test_a_new_task_narrows_the_losses(controls: AppTest) -> None:
    controls.run().radio[0].set_value("classification").run()
    assert seen(controls).loss == controls.selectbox[0].value == "hinge"
    assert "interpolate" not in controls.selectbox[0].options
    controls.radio[0].set_value("regression").run()
    assert seen(controls).loss == "squared"


def test_python_moves_the_widgets(controls: AppTest) -> None:
    controls.run().button[0].click().run()
    assert (controls.select_slider[0].value, controls.number_input[0].value) == (0.5, 7)


def test_a_value_beyond_the_slider_is_kept(controls: AppTest) -> None:
    controls.query_params["n"] = "900"
    controls.query_params["beta"] = "1e-5"
    assert (seen(controls.run()).n, controls.slider[0].max) == (900, 900)
    assert controls.select_slider[0].value == 1e-5


DOUBLED = """
import streamlit as st
st.session_state["a"] = 1
st.number_input("a", value=2, key="a")
"""


def test_no_widget_is_given_its_value_twice(controls: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit warns, once per process, where a default and session state both set a widget."""
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    controls.query_params["beta"] = "0.3"
    controls.run().toggle[0].set_value(True).run()
    controls.button[0].click().run()
    assert not policies._shown_default_value_warning
    AppTest.from_string(DOUBLED, default_timeout=SECONDS).run()
    assert policies._shown_default_value_warning  # the check does see one


def test_share_writes_a_link_that_brings_everything_back(controls: AppTest) -> None:
    controls.run().number_input[0].set_value(5).run()
    controls.select_slider[0].set_value(0.1).run()
    loads = controls.session_state["loads"]
    controls.button[1].click().run()
    assert controls.query_params == {"beta": "0.1", "seed": "5"}
    assert controls.code[0].value.endswith("?beta=0.1&seed=5")
    assert controls.session_state["loads"] == loads  # not read back from the address
    other = AppTest.from_string(CONTROLS, default_timeout=SECONDS)
    other.query_params["beta"], other.query_params["seed"] = "0.1", "5"
    assert seen(other.run()) == seen(controls)


def test_a_shown_link_goes_when_it_no_longer_holds(controls: AppTest) -> None:
    controls.run().button[1].click().run()
    assert controls.code
    controls.session_state["drawn"] = "something else"
    controls.run()
    assert not controls.code


def test_a_link_is_read_again_only_when_it_changed(controls: AppTest) -> None:
    controls.query_params["seed"] = "4"
    controls.run().number_input[0].set_value(9).run()
    assert (seen(controls).seed, controls.session_state["loads"]) == (9, 1)
    controls.query_params["seed"] = "6"  # back or forward in the browser
    controls.run()
    assert (seen(controls).seed, controls.session_state["loads"]) == (6, 2)
    controls.query_params.clear()  # a page switch drops the query, not the settings
    assert seen(controls.run()).seed == 6


def test_the_word_about_a_damaged_link_goes_with_the_next_change(controls: AppTest) -> None:
    controls.query_params["seed"] = "x"
    assert controls.run().warning
    controls.toggle[0].set_value(True).run()
    assert not controls.warning


def test_an_address_keeps_the_page_and_replaces_the_query() -> None:
    assert address("https://a.example/lab/splines?x=1#y", {"f": "x + 1"}) == "https://a.example/lab/splines?f=x+%2B+1"


# --- failures ------------------------------------------------------------------------------------------------------


def failing(body: str) -> AppTest:
    script = f"""
        import streamlit as st
        from convexviz.app.shell import controls
        from convexviz.app.shell.errors import guard
        from convexviz.app.lessons.splines.settings import SplineSettings
        from convexviz.app.shell.settings import table, read
        with guard():
            {body}
        st.write("the rest")
    """
    return AppTest.from_string(textwrap.dedent(script), default_timeout=SECONDS).run()


def test_an_unexpected_failure_is_calm_and_the_log_has_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    at = failing("1 / 0")
    assert not at.exception
    assert at.error[0].value.startswith(errors.UNEXPECTED)
    assert "ZeroDivisionError" not in at.error[0].value
    reference = at.error[0].value.split("`")[1]
    assert reference in caplog.text
    assert "ZeroDivisionError: division by zero" in caplog.text
    assert at.markdown[0].value == "the rest"


def test_words_written_by_this_package_are_shown() -> None:
    at = failing('read(table(SplineSettings)["snap"], "maybe")')
    assert at.error[0].value.startswith("it must be 1 or 0")


@pytest.mark.parametrize(
    "line",
    [
        'int("a secret")',
        "read(table(SplineSettings)['seed'], None)",  # a TypeError
        "controls.log_stops(-1.0, 1.0, 2, 0.5)",  # a ValueError by `math.log`, called from this package
    ],
)
def test_foreign_words_are_not_shown(line: str) -> None:
    assert failing(line).error[0].value.startswith(errors.UNEXPECTED)


def test_stopping_a_script_is_no_failure() -> None:
    at = failing("st.stop()")
    assert not at.error
    assert not at.markdown


def test_text_in_a_message_forms_no_markdown() -> None:
    assert errors.plain("a [link](http://x) <b> $x$") == r"a \[link\](http\://x) \<b\> \$x\$"


# --- what the server does once -------------------------------------------------------------------------------------


def answer(encoding: str) -> Response:
    return startup.plotly_script(Request({"type": "http", "headers": [(b"accept-encoding", encoding.encode())]}))


def test_plotly_is_served_compressed_and_kept() -> None:
    response = answer("gzip, br")
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"].startswith("text/javascript")
    assert "immutable" in response.headers["cache-control"]
    assert plotly.__version__ in startup.PLOTLY_PATH
    assert b"plotly.js" in gzip.decompress(response.body)[:200]


def test_plotly_is_served_plain_to_a_client_without_gzip() -> None:
    response = answer("identity")
    assert "content-encoding" not in response.headers
    assert b"plotly.js" in response.body[:200]


@pytest.mark.parametrize("prefix", ["/", "/lab/", "/a/b/"])
def test_the_route_answers_under_any_base_path(prefix: str) -> None:
    scope = {"type": "http", "method": "GET", "path": prefix + startup.PLOTLY_PATH, "headers": []}
    assert startup.routes()[0].matches(scope)[0] is Match.FULL


def test_a_module_that_cannot_be_imported_keeps_no_one_from_serving(caplog: pytest.LogCaptureFixture) -> None:
    startup.warm_import("convexviz.no_such_module")
    assert "could not import convexviz.no_such_module" in caplog.text


def test_own_modules_leave_the_scripts_alone() -> None:
    names = startup.own_modules()
    assert {"convexviz.app.shell.settings", "convexviz.data.link"} <= set(names)
    assert startup.__name__.replace("startup", "main") not in names


def test_freezing_takes_living_objects_from_the_collector() -> None:
    before = gc.get_freeze_count()
    startup.freeze()
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
