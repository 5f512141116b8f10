"""Figures and networks as they are sent to the browser: arrays, networks, and what a frame changes."""
