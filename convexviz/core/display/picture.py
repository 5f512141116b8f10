"""A small picture of a network as SVG: its curve on the line, else the weights of its neurons. No library draws it."""

from __future__ import annotations

import numpy as np

from ..network import Array, ReLUNetwork

WIDTH, HEIGHT, AIR = 240, 96, 8
MOST_BARS = 60
PLUS, MINUS, KINK = "#0072B2", "#D55E00", "#009E73"  # as in the figures: positive, negative, a neuron


def picture(network: ReLUNetwork) -> str:
    """The network as an SVG of 240 x 96 pixels, with a text that says what is seen; "" for one without neurons."""
    if not network.width:
        return ""
    if network.dimension == 1 and network.w.ndim == 1:
        return _curve(network)
    return _bars(network)


def _curve(network: ReLUNetwork) -> str:
    """The spline from a little before its first kink to a little after its last."""
    kinks = np.unique(network.kinks())
    room = 0.25 * float(np.ptp(kinks)) or max(abs(float(kinks[0])), 1.0)
    x = np.concatenate([[kinks[0] - room], kinks, [kinks[-1] + room]])
    across, up = _scaled(x, WIDTH), HEIGHT - _scaled(network.predict(x[:, None]), HEIGHT)
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, up, strict=True))
    dots = "".join(
        f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{KINK}"/>' for a, b in zip(across[1:-1], up[1:-1], strict=True)
    )
    words = f"The network as a curve with {len(kinks)} kink{'' if len(kinks) == 1 else 's'}"
    return _svg(words, f'<polyline points="{line}" fill="none" stroke="{PLUS}" stroke-width="2"/>{dots}')


def _bars(network: ReLUNetwork) -> str:
    """The weights, the largest first, down for a negative one."""
    several = network.w.ndim > 1
    size = np.linalg.norm(network.w, axis=1) if several else np.abs(network.w)
    order = np.argsort(-size, kind="stable")[:MOST_BARS]
    height = (HEIGHT / 2 - AIR) * size[order] / size[order[0]]
    wide = (WIDTH - 2 * AIR) / len(order)
    bars = []
    for place, (j, tall) in enumerate(zip(order.tolist(), height.tolist(), strict=True)):
        up = several or network.w[j] > 0
        top = HEIGHT / 2 - tall if up else HEIGHT / 2
        color = KINK if several else PLUS if up else MINUS
        box = f'x="{AIR + place * wide:.1f}" y="{top:.1f}" width="{0.8 * wide:.1f}" height="{tall:.1f}"'
        bars.append(f'<rect {box} fill="{color}"/>')
    few = f"the {len(order)} largest of {network.width}" if network.width > len(order) else f"all {network.width}"
    words = f"Weights of the neurons, {few}, the largest first"
    return _svg(words, "".join(bars))


def _scaled(values: Array, length: float) -> Array:
    """Values as places between the two margins of a length; the middle where all are one."""
    extent = float(np.ptp(values))
    if not extent > 0:
        return np.full(len(values), length / 2)
    places: Array = AIR + (values - values.min()) / extent * (length - 2 * AIR)
    return places


def _svg(words: str, inside: str) -> str:
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{words}">'
    return f"{head}<title>{words}</title>{inside}</svg>"
