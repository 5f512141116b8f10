"""`python -m convexviz verify FILE`: check a proof that `convexviz.prove(...).save(FILE)` has written."""

import sys

from . import verify

USAGE = """usage: python -m convexviz verify FILE

verify   check the proof in FILE in exact arithmetic: exit code 0 if proved, 1 if refuted, 2 if unreadable"""


def main(arguments: list[str]) -> int:
    """Exit code of the command line without the program's name."""
    if arguments[:1] == ["verify"]:
        return verify.main(arguments[1:])
    print(USAGE)
    return 0 if arguments in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
