"""A page to take home: a lesson in a state as one HTML file that opens from disk, without network or server."""

from __future__ import annotations

from convexviz.app.stage.take_home.page import Inside, file_name, take_home_page

__all__ = ["Inside", "file_name", "take_home_page"]
