"""The version of the package, where all layers may read it; the metadata take it from here (pyproject.toml)."""

VERSION = "0.2.0.dev0"
