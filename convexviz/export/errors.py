"""The one error of this room; its text says what to do."""


class ExportError(RuntimeError):
    """A picture could not be made: what failed, and what to do."""
