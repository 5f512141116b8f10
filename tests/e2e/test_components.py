"""Chart, badge and scrubber in a real browser: what is kept over new data, what is linked, what is sent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

HARNESS = Path(__file__).with_name("components_harness.py")
FIT, RAMPS, BOWL = ('[data-figure="fit"]', '[data-figure="ramps"]', '[data-figure="bowl"]')
SLIDER, INPUT, NOTE = ('[data-testid="beta-slider"]', '[data-testid="beta-input"]', '[data-testid="beta-note"]')
TEXT_COLOUR = "document.querySelector('[data-figure=fit]')._fullLayout.font.color"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HARNESS)


@pytest.fixture
def page(tab: tuple[Page, list[str]]) -> Iterator[Page]:
    """The tab at laptop size, in the light theme; it must show no error."""
    page, errors = tab
    errors.clear()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    page.mouse.move(2, 2)
    yield page
    page.evaluate("localStorage.removeItem('cvz-beta-speed')")
    assert errors == []


def visit(page: Page, address: str) -> None:
    """Open the page and wait for both figures, then note what passes over the bus."""
    page.goto(address)
    for figure in (FIT, RAMPS):
        expect(page.locator(figure)).to_have_attribute("data-updates", "1")
    page.evaluate(
        """() => {
          globalThis.heard = { hover: [], scrub: [] };
          for (const type of ["hover", "scrub"]) __convexvizBus.on(type, (detail) => heard[type].push(detail));
        }"""
    )


def type_beta(page: Page, text: str) -> None:
    page.fill(INPUT, text)
    page.press(INPUT, "Enter")


def expect_python_beta(page: Page, text: str) -> None:
    expect(page.locator('[data-testid="python-beta"]')).to_have_attribute("data-value", text)


def drawn(page: Page, figure: str, expression: str) -> Any:
    """`expression` of a figure's own `full` layout and `data` as plotly has drawn them."""
    return page.locator(figure).evaluate(f"({{_fullLayout: full, _fullData: data}}) => {expression}")


def place_of(page: Page, figure: str, trace: int, index: int) -> tuple[float, float]:
    """Where on the page a trace's point is."""
    x, y = page.locator(figure).evaluate(
        f"""(node) => {{
          const box = node.querySelector(".nsewdrag").getBoundingClientRect();
          const {{ _fullLayout: full, _fullData: data }} = node;
          const {{ x, y }} = data[{trace}];
          return [box.x + full.xaxis.d2p(x[{index}]), box.y + full.yaxis.d2p(y[{index}])];
        }}"""
    )
    return x, y


def slider_at(page: Page, share: float) -> tuple[float, float]:
    box = page.locator(SLIDER).bounding_box()
    assert box is not None
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def drag_slider(page: Page, start: float, end: float, steps: int = 12) -> None:
    """Press at one share of the slider's width, move to another, and hold."""
    page.mouse.move(*slider_at(page, start))
    page.mouse.down()
    page.mouse.move(*slider_at(page, end), steps=steps)


def test_node_and_zoom_survive_a_new_answer(page: Page, address: str) -> None:
    visit(page, address)
    node = page.locator(FIT).get_attribute("data-node")
    box = page.locator(f"{FIT} .nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_function(f"document.querySelector('{FIT}')._fullLayout.xaxis.autorange === false")
    zoomed = drawn(page, FIT, "[full.xaxis.range, full.yaxis.range]")
    type_beta(page, "0.3")
    expect(page.locator(FIT)).to_have_attribute("data-updates", "2")
    assert drawn(page, FIT, "[full.xaxis.range, full.yaxis.range]") == zoomed
    assert page.locator(FIT).get_attribute("data-node") == node


def test_camera_survives_a_new_answer(page: Page, address: str) -> None:
    visit(page, f"{address}/?solid=1")
    expect(page.locator(BOWL)).to_have_attribute("data-updates", "1")
    before = drawn(page, BOWL, "full.scene.camera.eye")
    box = page.locator(BOWL).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 170, steps=4)
    page.mouse.up()
    page.wait_for_function(f"document.querySelector('{BOWL}')._fullLayout.scene.camera.eye.x !== {before['x']}")
    turned = drawn(page, BOWL, "full.scene.camera.eye")
    type_beta(page, "0.3")
    expect(page.locator(BOWL)).to_have_attribute("data-updates", "2")
    assert drawn(page, BOWL, "full.scene.camera.eye") == turned


def test_hovered_ramp_lights_its_kink_and_its_partial_sum(page: Page, address: str) -> None:
    visit(page, address)
    page.mouse.move(*place_of(page, RAMPS, 1, 180))
    expect(page.locator(".cvz-chart")).to_have_attribute("data-neuron", "1")
    page.wait_for_function(f"document.querySelector('{RAMPS}')._fullData[0].opacity < 1")
    assert drawn(page, RAMPS, "data.map(trace => trace.opacity)") == [0.2, 1, 0.2, 0.2]
    page.wait_for_function(f"document.querySelector('{FIT}')._fullData[1].visible === true")
    assert drawn(page, FIT, "data[2].selectedpoints") == [1]
    partial, whole = drawn(page, FIT, "[data[1].y[199], data[0].y[199]]")
    ramps = drawn(page, RAMPS, "data.map(trace => trace.y[199])")
    assert partial == pytest.approx(0.25 + ramps[0] + ramps[1])
    assert whole == pytest.approx(0.25 + sum(ramps))
    assert page.evaluate("heard.hover") == [{"neuron": 1, "source": "chart"}]
    page.mouse.move(2, 2)
    page.wait_for_function(f"document.querySelector('{FIT}')._fullData[1].visible === false")
    assert drawn(page, RAMPS, "data.map(trace => trace.opacity)") == [1, 1, 1, 1]


def test_axes_do_not_move_while_partial_sums_are_shown(page: Page, address: str) -> None:
    visit(page, address)
    ranges = drawn(page, FIT, "[full.xaxis.range, full.yaxis.range]")
    page.evaluate("__convexvizBus.emit('hover', {neuron: 0, source: 'board'})")
    page.wait_for_function(f"document.querySelector('{FIT}')._fullData[1].visible === true")
    assert max(drawn(page, FIT, "Array.from(data[1].y)")) > ranges[1][1]
    assert drawn(page, FIT, "[full.xaxis.range, full.yaxis.range]") == ranges


def test_hover_label_stays_over_a_new_answer(page: Page, address: str) -> None:
    visit(page, address)
    page.mouse.move(*place_of(page, RAMPS, 0, 150))
    label = page.locator(f"{RAMPS} .hoverlayer text").last
    expect(label).to_contain_text("(1.0")
    before = label.text_content()
    page.locator(INPUT).evaluate("(input) => { input.value = '0.25'; input.dispatchEvent(new Event('change')); }")
    expect(page.locator(RAMPS)).to_have_attribute("data-updates", "2")
    expect(label).not_to_have_text(before or "")
    expect(label).to_contain_text("(1.0")


def test_dragged_slider_shows_the_path_and_asks_python_once(page: Page, address: str) -> None:
    visit(page, address)
    drag_slider(page, 0.3, 0.8)
    expect(page.locator(".cvz-badge-how")).to_have_text("from the path solved in advance")
    frame = page.evaluate("heard.scrub.at(-1)")
    expect(page.locator('[data-testid="neurons"]')).to_have_attribute("data-value", str(frame["badge"]["neurons"]))
    ramps = f"document.querySelector('{RAMPS}')._fullData.filter(trace => trace.visible === true)"
    page.wait_for_function(f"{ramps}.length === {len(frame['network']['w'])}")
    expect_python_beta(page, "0.1")
    page.mouse.up()
    beta = page.input_value(INPUT)
    expect_python_beta(page, beta)
    page.wait_for_function("heard.scrub.at(-1) === null")
    expect(page.locator('[data-testid="beta"]')).to_have_attribute("data-value", beta)
    expect(page.locator(".cvz-badge-how")).to_have_text("squared · spline")
    assert float(beta) == pytest.approx(0.009 * 100**0.8, rel=0.05)


def test_drag_that_ends_where_it_began_returns_to_the_answer(page: Page, address: str) -> None:
    visit(page, address)
    type_beta(page, "0.09")
    expect_python_beta(page, "0.09")
    drag_slider(page, 0.5, 0.7)
    page.wait_for_function("heard.scrub.at(-1)?.beta > 0.15")
    page.mouse.move(*slider_at(page, 0.5), steps=4)
    page.mouse.up()
    page.wait_for_function("heard.scrub.at(-1) === null")
    assert float(page.input_value(INPUT)) == pytest.approx(0.09, rel=0.02)


def test_figures_follow_the_slider_on_every_third_frame_of_the_screen(page: Page, address: str) -> None:
    """Twenty a second on a screen of sixty; counted in the screen's own frames, a busy machine slows both alike."""
    visit(page, address)
    page.wait_for_function("() => globalThis.__convexvizBus?.last['path:scrubber']?.frames?.length")
    shares = page.evaluate(
        """async () => {
          const { frames } = __convexvizBus.last["path:scrubber"];
          const nodes = [...document.querySelectorAll("[data-figure]")];
          const counts = () => nodes.map((node) => Number(node.dataset.updates));
          const before = counts();
          for (const frame of frames) {
            __convexvizBus.emit("scrub", frame);
            await new Promise(requestAnimationFrame);
          }
          return counts().map((count, i) => (count - before[i]) / frames.length);
        }"""
    )
    assert min(shares) >= 1 / 3
    page.evaluate("__convexvizBus.emit('scrub', null)")
    page.wait_for_function(f"document.querySelector('{RAMPS}')._fullData.length === 4")


def test_live_drag_without_a_path_waits_for_each_answer(page: Page, address: str) -> None:
    visit(page, f"{address}/?live=1&delay=0.1")
    drag_slider(page, 0.3, 0.5, steps=30)
    expect(page.locator(FIT)).not_to_have_attribute("data-updates", "1")
    drag = page.input_value(INPUT)
    page.mouse.up()
    expect_python_beta(page, drag)
    expect(page.locator('[data-testid="beta"]')).to_have_attribute("data-value", drag)
    assert page.input_value(INPUT) == drag
    assert page.evaluate("heard.scrub") == []


def test_number_field_reads_what_people_write(page: Page, address: str) -> None:
    visit(page, address)
    for text, beta in [("0.05", "0.05"), ("2e-2", "0.02"), ("0,3", "0.3")]:
        type_beta(page, text)
        expect_python_beta(page, beta)
        expect(page.locator(INPUT)).to_have_value(beta)


def test_number_field_refuses_and_restores(page: Page, address: str) -> None:
    visit(page, address)
    for text in ("abc", "-1", "0", "1,000.5", "1e999"):
        type_beta(page, text)
        expect(page.locator(NOTE)).to_contain_text("β must be a positive number")
        assert page.input_value(INPUT) == "0.1"
    type_beta(page, "0.2")
    expect(page.locator(NOTE)).not_to_contain_text("must be")
    expect_python_beta(page, "0.2")


def test_arrow_keys_step_the_slider(page: Page, address: str) -> None:
    visit(page, address)
    page.focus(SLIDER)
    page.keyboard.press("ArrowRight")
    beta = page.input_value(INPUT)
    assert float(beta) == pytest.approx(0.1 * 100**0.01, rel=1e-3)
    expect_python_beta(page, beta)
    page.keyboard.press("End")
    expect_python_beta(page, "0.9")


def sweep(page: Page, speed: str) -> None:
    page.get_by_test_id("beta-speed").select_option(speed)
    page.get_by_test_id("beta-play").click()


def test_sweep_runs_down_the_path_and_stays_at_its_end(page: Page, address: str) -> None:
    visit(page, address)
    sweep(page, "fast")
    expect_python_beta(page, "0.009")
    page.wait_for_function("heard.scrub.length > 5 && heard.scrub.at(-1) === null")
    betas = page.evaluate("heard.scrub.slice(0, -1).map(frame => frame.beta)")
    assert betas == sorted(betas, reverse=True)
    assert betas[0] > 0.8
    assert betas[-1] == pytest.approx(0.009)
    expect(page.locator('[data-testid="beta"]')).to_have_attribute("data-value", "0.009")
    assert page.input_value(INPUT) == "0.009"
    assert page.input_value(SLIDER) == "0"
    shown = page.evaluate("heard.scrub.length")
    sweep(page, "fast")
    expect_python_beta(page, "0.009")
    page.wait_for_function("shown => heard.scrub.slice(shown).some((frame) => frame?.beta > 0.5)", arg=shown)  # the top


def test_after_a_sweep_a_button_leads_back_until_another_beta_is_chosen(page: Page, address: str) -> None:
    visit(page, address)
    back = page.get_by_test_id("beta-back")
    expect(back).to_be_hidden()
    sweep(page, "fast")
    expect(back).to_have_text("back to β = 0.1")
    back.press("Enter")
    expect_python_beta(page, "0.1")
    expect(back).to_be_hidden()
    expect(page.get_by_test_id("beta-play")).to_be_focused()
    sweep(page, "fast")
    expect(back).to_be_visible()
    page.focus(SLIDER)
    page.keyboard.press("ArrowRight")
    expect(back).to_be_hidden()


def test_a_sweep_that_was_stopped_goes_on_from_there(page: Page, address: str) -> None:
    visit(page, address)
    play = page.get_by_test_id("beta-play")
    sweep(page, "slow")
    page.wait_for_function("heard.scrub.at(-1)?.beta < 0.6")
    play.click()
    stopped = page.input_value(INPUT)
    expect_python_beta(page, stopped)
    expect(play).to_have_attribute("aria-label", "Sweep on down from here")
    page.wait_for_function("heard.scrub.at(-1) === null")
    count = page.evaluate("heard.scrub.length")
    sweep(page, "fast")
    expect_python_beta(page, "0.009")
    assert page.evaluate(f"Math.max(...heard.scrub.slice({count}).map((frame) => frame?.beta ?? 0))") <= 1.1 * float(
        stopped
    )
    expect(page.get_by_test_id("beta-back")).to_have_text("back to β = 0.1")


def test_a_finer_path_does_not_stop_a_sweep_and_other_data_do(page: Page, address: str) -> None:
    visit(page, address)
    page.wait_for_function("() => globalThis.__convexvizBus?.last['path:scrubber']?.frames?.length")
    retell = """({rev, every}) => {
      const path = __convexvizBus.last["path:scrubber"];
      __convexvizBus.emit("path:scrubber", {...path, rev, frames: path.frames.filter((_, i) => i % every === 0)});
    }"""
    page.evaluate(retell, {"rev": 1, "every": 2})
    sweep(page, "slow")
    page.wait_for_function("heard.scrub.at(-1)?.beta < 0.8")
    page.evaluate(retell, {"rev": 1, "every": 1})
    before = page.evaluate("heard.scrub.length")
    page.wait_for_function(f"heard.scrub.length > {before} + 2")
    assert None not in page.evaluate("heard.scrub")
    page.evaluate(retell, {"rev": "other points", "every": 1})
    assert page.evaluate("heard.scrub.at(-1)") is None
    assert page.input_value(INPUT) == "0.1"
    expect(page.get_by_test_id("beta-play")).to_be_disabled()


@pytest.mark.timed
def test_the_speed_of_a_sweep_is_obeyed_at_once_and_remembered(page: Page, address: str) -> None:
    visit(page, address)
    took = page.evaluate(
        """async () => {
          const part = (name) => document.querySelector(`[data-testid=beta-${name}]`);
          const [speed, slider] = ["speed", "slider"].map(part);
          const until = async (position) => {
            while (Number(slider.value) > position) await new Promise(requestAnimationFrame);
            return performance.now();
          };
          const choose = (name) => { speed.value = name; speed.dispatchEvent(new Event("change")); };
          choose("slow");
          part("play").click();
          while (Number(slider.value) < 990) await new Promise(requestAnimationFrame);
          const start = performance.now();
          const slow = await until(900);
          choose("fast");
          return [slow - start, (await until(0)) - slow];
        }"""
    )
    assert took[0] >= 1300
    assert 1700 <= took[1] <= 4000
    visit(page, address)
    expect(page.get_by_test_id("beta-speed")).to_have_value("fast")


def test_badge_tells_what_is_proved(page: Page, address: str) -> None:
    visit(page, address)
    value = {slot: page.locator(f'[data-testid="{slot}"]') for slot in ("objective", "lower-bound", "gap", "status")}
    expect(value["status"]).to_have_attribute("data-value", "certified")
    expect(value["status"]).to_contain_text("Global optimum, certified")
    expect(value["gap"]).to_have_text("3·10⁻⁹")
    objective, bound = (float(value[slot].get_attribute("data-value") or "") for slot in ("objective", "lower-bound"))
    assert 1 - bound / objective == pytest.approx(3.1e-9, rel=1e-6)


def test_badge_calls_proved_only_what_the_browser_has_checked(page: Page, address: str) -> None:
    """An answer that comes without its numbers is certified in floating point, by the server's word."""
    visit(page, address)
    expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "float")
    expect(page.get_by_test_id("proof")).to_contain_text("Certified in floating point")
    expect(page.get_by_test_id("proof-file")).to_be_hidden()
    expect(page.locator(".cvz-badge-word")).not_to_contain_text("proved")


def test_badge_never_claims_a_proof_it_lacks(page: Page, address: str) -> None:
    visit(page, f"{address}/?status=upper-bound")
    box = page.locator('[data-testid="status"]')
    expect(box).to_have_attribute("data-value", "upper-bound")
    expect(box).to_contain_text("The time limit of 2 s came first.")
    expect(page.locator('[data-testid="lower-bound"]')).to_have_attribute("data-value", "-inf")
    for status, words in [("infeasible", "No solution"), ("error", "No answer"), ("empty", "Nothing to train yet")]:
        page.evaluate("(status) => __convexvizBus.emit('scrub', {badge: {status}})", status)
        expect(box).to_have_attribute("data-value", status)
        expect(box).to_contain_text(words)
        expect(box).not_to_contain_text("proved")
        expect(page.locator('[data-testid="objective"]')).to_have_attribute("data-value", "")
        expect(page.get_by_test_id("proof")).to_have_attribute("data-value", "none")


def test_late_answers_dim_figures_and_badge(page: Page, address: str) -> None:
    visit(page, address)
    page.evaluate("__convexvizBus.emit('pending', {pending: true})")
    for part in (".cvz-chart", ".cvz-badge"):
        expect(page.locator(f"{part}.cvz-late")).to_have_count(1)
    page.evaluate("__convexvizBus.emit('pending', {pending: false})")
    expect(page.locator(".cvz-late")).to_have_count(0)


def test_theme_switch_recolours_the_same_figures(page: Page, address: str) -> None:
    visit(page, address)
    light = page.evaluate(TEXT_COLOUR)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{TEXT_COLOUR} !== '{light}'")
    assert page.locator(FIT).get_attribute("data-updates") == "1"


def test_phone_shows_one_column_within_its_width(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, address)
    boxes = [page.locator(figure).bounding_box() for figure in (FIT, RAMPS)]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert boxes[0]["x"] == boxes[1]["x"]  # type: ignore[index]
    for name in ("beta-play", "beta-slider", "beta-speed", "beta-input"):
        box = page.get_by_test_id(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_figures_are_downloaded_at_slide_size(page: Page, address: str, tmp_path: Path) -> None:
    visit(page, address)
    page.hover(FIT)
    with page.expect_download() as download:
        page.locator(f"{FIT} [data-title^='Download image (PNG']").click()
    download.value.save_as(tmp_path / "figure.png")
    header = (tmp_path / "figure.png").read_bytes()[:24]
    assert [int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")] == [1920, 1080]


def test_missing_plotly_is_told_and_can_be_retried(browser: Browser, address: str) -> None:
    # A page of its own: the browser itself reports the blocked request as an error.
    page = browser.new_page()
    page.route("**/convexviz/plotly-*", lambda route: route.abort())
    page.goto(address)
    expect(page.locator(f"{FIT} + .cvz-figure-note")).to_contain_text("did not load")
    height = page.locator(FIT).evaluate("(node) => node.offsetHeight")
    page.unroute("**/convexviz/plotly-*")
    page.locator(f"{FIT} + .cvz-figure-note button").click()
    expect(page.locator(FIT)).to_have_attribute("data-updates", "1")
    assert page.locator(FIT).evaluate("(node) => node.offsetHeight") == height == 320
    page.close()
