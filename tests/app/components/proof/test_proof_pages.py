"""What the pages send for the browser to prove: every digit of a resting answer, and nothing more than that."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import convexviz as cv
from convexviz.app.components import badge
from convexviz.app.shell import startup
from tests.app.messages import components

FROM_MAIN = "../../pages"  # where the pages are, seen from the main script
SECONDS = 60  # the first run imports everything
# Pages with answers that the browser can prove, the dimension of their data, and whether they have biases.
PAGES = {
    "home": ("", 1, True),
    "splines": ("", 1, True),
    "plane": ("", 2, True),
    "geometry": ("", 2, False),
    "race": ("", 1, True),
    "tangent-kernel": ("", 1, True),
    "path": ("", 1, True),
    "cutting-planes": ("sweep", 2, True),
}


def opened(page: str, **query: str) -> AppTest:
    at = AppTest.from_file(str(startup.MAIN_SCRIPT), default_timeout=SECONDS)
    for name, value in query.items():
        at.query_params[name] = value
    return at.switch_page(f"{FROM_MAIN}/{page}.py").run()


def sent(at: AppTest) -> list[dict[str, Any]]:
    """What the components of the page were sent."""
    assert not at.exception
    return [json.loads(component.proto.json) for component in components(at)]


def badges(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the badge was sent: its own message, and the parcels that a board brings it."""
    own = [message for message in messages if "objective" in message]
    brought = [parcel for message in messages for parcel in (message.get("parcels") or {}).values()]
    return own + [parcel for parcel in brought if "objective" in parcel]


def doubles(value: Any) -> list[float]:
    """A list of numbers as the browser reads it: arrays travel as 64-bit floats, short ones as text of all digits."""
    if isinstance(value, dict):
        assert value["dtype"] == "f8"
        return np.frombuffer(base64.b64decode(value["bdata"])).tolist()
    return value


@pytest.mark.parametrize("page", PAGES)
def test_a_resting_answer_comes_with_every_digit_of_its_proof(page: str) -> None:
    oracle, d, bias = PAGES[page]
    shown = badges(sent(opened(page, **({"oracle": oracle} if oracle else {}))))
    assert shown
    for one in shown:
        proof = one["proof"]
        assert (proof["d"], proof["bias"]) == (d, bias)
        X = np.reshape(doubles(proof["X"]), (-1, d))
        y, v, w, b, center = (np.array(doubles(proof[name])) for name in ("y", "v", "w", "b", "center"))
        assert len(X) == len(y) == len(v) == proof["n"]
        network = cv.ReLUNetwork(np.reshape(doubles(proof["U"]), (-1, d)), b, w, proof["c"], center)
        loss = cv.LOSSES[proof["loss"]]
        beta = 1.0 if loss.constrained else proof["beta"]
        value = 0.0 if loss.constrained else loss.value(network.predict(X), y)
        assert value + beta * network.penalty == pytest.approx(one["objective"], rel=1e-12)
        assert proof["shown"] == {"upper": one["objective"], "lower": one["lower_bound"]}


def test_frames_of_a_path_and_of_a_film_carry_no_proofs() -> None:
    """They are many; only the answer that the page comes to rest on is proved."""
    for page, query in [("splines", {}), ("plane", {}), ("cutting-planes", {"oracle": "sweep"})]:
        at = opened(page, **query)
        frames = [message["frames"] for message in sent(at) if message.get("frames")]
        assert frames or page != "cutting-planes"
        assert all('"proof"' not in text for text in frames)


@pytest.mark.parametrize(("page", "key"), [("splines", "line-regression"), ("plane", "plane-classification")])
def test_a_moving_hand_is_not_burdened_with_a_proof(page: str, key: str) -> None:
    at = opened(page)
    resting = badges(sent(at))
    at.session_state[key] = replace(at.session_state[key], live=True)
    moving = badges(sent(at.run()))
    assert [one["proof"] for one in moving] == [badge.LATER] * len(moving)
    assert all(one["proof"] != badge.LATER for one in resting)


@pytest.mark.parametrize("page", ["closed-forms", "autoencoders"])
def test_what_has_no_proof_to_check_brings_none(page: str) -> None:
    shown = badges(sent(opened(page)))
    assert shown
    assert all("proof" not in one for one in shown)
