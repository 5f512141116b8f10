"""A hand-out under way: a process of its own makes it, a thread beside the page hears how far it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Literal

from convexviz.app.compute.background import Job
from convexviz.app.stage.talk.handout import Paper
from convexviz.app.stage.talk.scenes import Talk, to_json

Form = Literal["pdf", "html"]
COMMAND = (sys.executable, "-m", "convexviz.app.handout")
IN_UTF8 = {"PYTHONIOENCODING": "utf-8"}  # what it says on standard error, on Windows too
SECONDS = 600.0  # for a hundred scenes
_STEP = re.compile(r"(\d+) (\d+)")
_running = threading.Semaphore(1)  # one at a time: each takes a core and a Chromium


@dataclass
class Order:
    """What is to be made: all scenes on paper, as PDF or as HTML that the reader's browser draws and prints."""

    talk: Talk
    form: Form
    paper: Paper = "A4"
    two: bool = False
    root: str = ""


@dataclass
class Making:
    """What has become of an order: `done` scenes of all, then the bytes or the reason why there are none."""

    order: Order
    done: int = 0
    made: bytes = b""
    failure: str = ""
    job: Job = field(init=False)

    def __post_init__(self) -> None:
        self.job = Job(self._work)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.made or self.failure) or not self.job.alive

    def _work(self, job: Job) -> None:
        while not _running.acquire(timeout=0.2):
            if job.stop():
                return
        try:
            self._make(job)
        finally:
            _running.release()

    def _make(self, job: Job) -> None:
        order = vars(self.order) | {"talk": to_json(self.order.talk)}
        with subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | IN_UTF8
        ) as process:
            watch = threading.Timer(SECONDS, process.kill)
            watch.start()
            listening = threading.Thread(target=self._listen, args=(job, process), daemon=True)
            listening.start()
            ending = threading.Thread(target=_end_if_stopped, args=(job, process), daemon=True)
            ending.start()
            made = _exchange(process, json.dumps(order).encode())
            listening.join()
            watch.cancel()
        if process.returncode == 0:
            self.made = made
        elif not self.failure:
            self.failure = "The hand-out could not be made; try once more, or save the page to print instead."

    def _listen(self, job: Job, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            words = line.decode(errors="replace").strip()
            if found := _STEP.fullmatch(words):
                self.done = int(found[1])
                job.say()
            elif "ExportError: " in words:
                self.failure = words.partition("ExportError: ")[2]


def _exchange(process: subprocess.Popen[bytes], order: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(order)
    process.stdin.close()
    return process.stdout.read()


def _end_if_stopped(job: Job, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        if job.stop():
            process.terminate()
            return
        threading.Event().wait(0.5)
