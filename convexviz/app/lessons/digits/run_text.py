"""Words on the run of the lesson on digits: neurons, table, what is proved, who wins, and the code."""

from __future__ import annotations

import numpy as np

from convexviz.app.course.script import script
from convexviz.app.lessons.digits.training import (
    CLOSING_SECONDS,
    OURS,
    RELAXATION,
    RELAXATION_SECONDS,
    STEPS,
    TEN_SECONDS,
    TWO_SECONDS,
    Task,
    Trained,
    Work,
    contests,
    data_of,
    exactness,
    work_of,
)
from convexviz.core.network import Array
from convexviz.core.solution import Solution

TRAINING = "Training the convex network…"
FAILED = "The solver failed on these images. Another β or other images may help."
LEAST = 0.01  # weight that is written out
MOST_NEURONS, COLUMNS = 12, 6  # that are shown, and images in a row: wide enough for the words above them, on a phone
LAST_ROW = 6  # misread images that are shown
CLOSE = 1e-3  # relative difference of objectives that a table of four digits does not show


def neuron(task: Task, w: Array, lit: int) -> str:
    """Title of a neuron: the digit it speaks for, its weight, the training images it is active on."""
    if task.two:
        digit, weight = task.classes[0 if w[0] > 0 else 1], abs(float(w[0]))
    else:
        digit, weight = int(np.argmax(w)), float(np.linalg.norm(w))
    size = f"{weight:.2f}" if weight >= LEAST else f"< {LEAST}"
    return f"<b>{digit}</b>: {size}<br>on {lit}"


def legend(task: Task, found: Solution | None, most: int, missed: bool) -> str:
    """What the pictures show."""
    if found is None:
        return TRAINING
    width, n = found.network.width, len(data_of(task).raw)
    count = "No neuron" if not width else "One neuron" if width == 1 else f"{width} neurons"
    shown = f", the {most} heaviest are shown" if width > most else ""
    speaks = "the digit it speaks for" if task.two else "the digit it favours most"
    wrong = (
        f"In the last row: unseen images that the network gets wrong, {LAST_ROW} at most."
        if missed
        else "It gets every unseen image right."
    )
    strips = "" if task.two else " The strip below a neuron is what it adds to the scores of 0, 1, … 9."
    return (
        f"{count}{shown}. Above each: **{speaks}**, its weight, and on how many of the {n} training images it is "
        f"active. Blue is ink that it looks for, orange ink that it objects to.{strips} {wrong}"
    )


def proof(task: Task, work: Work, found: Solution) -> str:
    """What is proved of the network on show."""
    if not task.two:
        return (
            "Bounds. Neurons come from ascent, which proves nothing; the lower bound is a closed form in norms, far "
            "below in 64 dimensions."
        )
    if OURS not in work.done and OURS not in work.failed:
        return "The relaxation's network; ascent is still looking for a better one."
    if found.certified:
        if exactness(task).holds:
            return f"The relaxation is {exactness(task).proved}, so its bound counts for all networks."
        return "No network of any width is better: branch and bound accounts for all neurons."
    if work.unproved:
        return "An upper bound so far: ascent proves nothing. Branch and bound now looks for a neuron that it missed."
    if not np.isfinite(found.lower_bound):
        return "An upper bound only: ascent proves nothing, and no bound was found."
    return f"Bounds. Branch and bound ran out of time: no network costs less than {found.lower_bound:.4g}."


def table(task: Task, work: Work) -> str:
    """Everyone who is trained, ours first, with dashes where nothing can be said and dots where it is still open."""
    names = sorted((name for name, _ in contests(task)), key=lambda name: (name != OURS, name != RELAXATION))
    rows = "\n".join(_row(name, work) for name in names)
    return f"| trained on {len(data_of(task).raw)} images | accuracy | objective | time |\n|---|---|---|---|\n{rows}"


def _row(name: str, work: Work) -> str:
    if name not in work.done:
        return f"| {name} | {'failed' if name in work.failed else '…'} | | |"
    one = work.done[name]
    objective = "–" if one.objective is None else f"{one.objective:#.4g}"
    return f"| {name} | {one.accuracy:.1%} | {objective} | {_time(one.seconds)} |"


def _time(seconds: float) -> str:
    return f"{seconds:.1f}&nbsp;s" if seconds >= 1 else f"{1e3 * seconds:.0f}&nbsp;ms"


def verdict(task: Task, work: Work) -> str:
    """Who has the lowest objective, who classifies best, and that these are two questions."""
    if not work.complete:
        return ":small[The classifiers are trained now, one after the other, on the same images.]"
    if OURS not in work.done:
        return FAILED
    unseen = len(data_of(task).truth)
    return " ".join(
        [
            _most_accurate(list(work.done.values()), unseen),
            _lowest(list(work.done.values())),
            _notes(task, unseen),
        ]
    )


def _most_accurate(done: list[Trained], unseen: int) -> str:
    top = max(one.accuracy for one in done)
    names = [one.name for one in done if one.accuracy == top]
    if len(names) == len(done):
        return f"**All classify equally well** ({top:.1%})."
    ours = max(one.accuracy for one in done if one.name in (OURS, RELAXATION))
    if ours == top:
        return f"**Most accurate:** {_listed(names)} ({top:.1%})."
    ahead = round((top - ours) * unseen)
    return (
        f"**A baseline is most accurate:** {_listed(names)} ({top:.1%}), {ahead} of {unseen} images ahead of the "
        "convex network. A lower training objective does not make a better classifier."
    )


def _lowest(done: list[Trained]) -> str:
    objectives = {one.name: one.objective for one in done if one.objective is not None}
    low = min(objectives.values())
    level = [name for name in objectives if objectives[name] <= low + CLOSE * abs(low)]
    ours = min(objectives[name] for name in (OURS, RELAXATION) if name in objectives)
    behind = ""
    if ours > low + CLOSE * abs(low):
        behind = f"; the convex one is {100 * (ours - low) / abs(low):.2g} % above when its time is up"
    return f"**Lowest objective:** {_listed(level)}{behind}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _notes(task: Task, unseen: int) -> str:
    note = ""
    if task.loss == "hinge":
        note = " Scikit-learn has no MLP for the hinge loss: these minimise the log loss, another objective."
    return (
        f"\n\n:small[Accuracy on all {unseen} unseen images, one of which is {1 / unseen:.1%}. Objective: loss + "
        f"β·Σ|weight| of unit neurons, recomputed from what each has learned; all have the same β. MLPs of "
        f"scikit-learn at their defaults but for β and at most {STEPS} steps.{note}]"
    )


# ---------------------------------------------------------------- the same in Python


def python_code(task: Task) -> str:
    """A script that trains our network on the same images, and draws its neurons and what it gets wrong."""
    train = _two_code(task) if task.two else _ten_code(task)
    return script(_images_code(task), train, _neurons_code(task), _missed_code(task))


def _images_code(task: Task) -> list[str]:
    return [
        "from sklearn.datasets import load_digits",
        *(["from convexviz import closed_form"] if task.whitened else []),
        "",
        "pixels, digit = load_digits(return_X_y=True)",
        "pixels = pixels / 16",
        f"rng, classes = np.random.default_rng({task.seed}), {task.classes}",
        f"rows = np.concatenate([rng.permutation(np.flatnonzero(digit == d))[:{task.images}] for d in classes])",
        "rest = np.setdiff1d(np.flatnonzero(np.isin(digit, classes)), rows)  # not seen in training",
        "X, unseen, pictures = pixels[rows], pixels[rest], np.asarray",
        *(_WHITE if task.whitened else []),
    ]


_WHITE = (
    "white = closed_form.whiten(X)",
    "X, unseen, pictures = white.X, white.apply(unseen), white.pictures",
)


def _two_code(task: Task) -> list[str]:
    """Two ways to look for neurons; the smaller network of those that cost the same."""
    lines = [
        f"y = np.where(digit[rows] == {task.classes[0]}, 1.0, -1.0)",
        f"task = {{'beta': {task.beta!r}, 'loss': {task.loss!r}}}",
        f'found = [cv.solve(X, y, method="ascent", time_limit={TWO_SECONDS}, **task),',
        f'         cv.solve(X, y, method="relaxation", time_limit={RELAXATION_SECONDS}, **task)]',
        "least = min(s.objective for s in found)",
        "s = min((s for s in found if s.objective <= least * (1 + 1e-6)), key=lambda s: s.network.width)",
    ]
    if _closed(task):
        lines += [
            "# what is left of the gap",
            f's = cv.solve(X, y, method="branch_and_bound", start=s, time_limit={CLOSING_SECONDS}, **task)',
        ]
    return [*lines, "print(s.objective, s.lower_bound, s.network.width)"]


def _closed(task: Task) -> bool:
    """Whether the page's network is one that it found when it went on from one nearly optimal."""
    work = work_of(task)
    return len(work.proofs) > 1 and work.found is not None and work.found.objective == work.proofs[1].objective


def _ten_code(task: Task) -> list[str]:
    return [
        f"s = cv.solve(X, np.eye(10)[digit[rows]], beta={task.beta!r}, loss={task.loss!r},",
        f"             time_limit={TEN_SECONDS})  # as on the page: what is known by then",
        "print(s.objective, s.lower_bound, s.network.width)",
    ]


def _neurons_code(task: Task) -> list[str]:
    """Lines that draw the heaviest neurons, each with the digit that it speaks for and its weight."""
    speaks = "classes[0 if s.network.w[j] > 0 else 1]" if task.two else "s.network.w[j].argmax()"
    strips = "" if task.two else ", strips=s.network.W[heaviest]"
    return [
        f'heaviest = np.argsort(-s.network.sizes, kind="stable")[:{MOST_NEURONS}]',
        f'titles = [f"{{{speaks}}}: {{s.network.sizes[j]:.2f}}" for j in heaviest]',
        "images = pictures(s.network.U[heaviest]).reshape(-1, 8, 8)",
        f"neurons = figures.image_row_figure(images, titles, signed=True, columns={COLUMNS}, height=400{strips})",
        "neurons.show()",
    ]


def _missed_code(task: Task) -> list[str]:
    """Lines that draw unseen images which the network takes for another digit."""
    guess = (
        "np.where(s.network.predict(unseen) > 0, *classes)" if task.two else "s.network.predict(unseen).argmax(axis=1)"
    )
    return [
        f"guess = {guess}",
        f"wrong = np.flatnonzero(guess != digit[rest])[:{LAST_ROW}]",
        "if len(wrong):",
        '    titles = [f"a {digit[rest[i]]}, taken for {guess[i]}" for i in wrong]',
        f"    missed = figures.image_row_figure(pixels[rest[wrong]].reshape(-1, 8, 8), titles, columns={COLUMNS})",
        "    missed.show()",
    ]
