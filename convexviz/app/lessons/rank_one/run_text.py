"""What the page says of the points that are on it, in words and numbers."""

from __future__ import annotations

import convexviz as cv
from convexviz.app.lessons.rank_one.view_state import ViewState

SAME = 1e-6  # relative: bounds that are proved no closer than this count as equal


def verdict(now: ViewState) -> str:
    """How the optimum of the plane stands to that of the line."""
    line, plane = now.line.solution, now.solution
    if line is None or plane is None:
        return now.answer.message or now.line.message
    return _off(now, line, plane) if now.placed.off else _on(now, line, plane)


def _on(now: ViewState, line: cv.Solution, plane: cv.Solution) -> str:
    scale, beta = now.settings.scale, now.settings.beta
    apart = abs(plane.objective - line.objective)
    same = _optimum(plane) == _optimum(line)
    equal = "to the last digit shown" if same else f"but for {apart:.1e}"
    return (
        f"**On the line.** The optimum of the plane at β = {beta:.3g} is that of the numbers z at β / scale = "
        f"{beta:.3g} / {scale:.3g} = {beta / scale:.3g}, {equal}. The angle, {_signed(now.settings.angle)}°, plays no "
        "part."
    )


def _off(now: ViewState, line: cv.Solution, plane: cv.Solution) -> str:
    share = 1.0 - plane.objective / line.objective if line.objective > 0 else 0.0
    falls = f"{100 * share:.2g} % below" if share > SAME else "equal, as far as it is proved, to"
    words = (
        f"**Point p is {_signed(abs(now.placed.off) * now.settings.scale)} off the line.** Networks that fold the "
        f"plane across the line are still there and cost what they did, so the optimum cannot rise: it is {falls} that "
        "of the line."
    )
    if now.gain is not None and now.gain > 1.0 + SAME:
        words += (
            f" The line's dual vector proves nothing here as it stands: some neuron of the plane gains "
            f"{now.gain:.3f} β from it. The certificate beside the boards is the plane's own."
        )
    return words


def table(now: ViewState) -> str:
    """Three optima: with p on the line, where p is, and without p."""
    named = (
        ("p on the line", now.line.solution),
        ("as drawn, in the plane", now.solution),
        ("without p", now.without.solution),
    )
    rows = ["| | optimum | proved at least | neurons |", "|:--|--:|--:|--:|"]
    rows += [
        f"| {name} | {_optimum(s)} | {s.lower_bound:.6g} | {s.network.width} |" for name, s in named if s is not None
    ]
    return "\n".join(rows) if len(rows) > 2 else ""


def _optimum(solution: cv.Solution) -> str:
    return f"{solution.objective:.6g}"


def _signed(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
