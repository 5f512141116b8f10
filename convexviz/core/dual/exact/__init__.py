"""Proofs in rational arithmetic: the document that holds one, and what it proves."""
