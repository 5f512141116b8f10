"""The version of the package, where all layers may read it; pyproject.toml says the same."""

VERSION = "0.1.0"
