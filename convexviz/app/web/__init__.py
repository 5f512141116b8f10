"""Browser-side files: plain JavaScript and CSS read from the package, no build step."""

from importlib.resources import files


def asset(*names: str) -> str:
    """Text of the named files of this folder, one after the other."""
    return "\n".join(files(__name__).joinpath(name).read_text(encoding="utf-8") for name in names)
