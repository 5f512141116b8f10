"""Lesson links: what they hide, where they are embedded, and how they are handed on."""
