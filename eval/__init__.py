"""Evaluation: questions and a system in, scores out (``python -m eval``)."""
