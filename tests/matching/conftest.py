"""Hypothesis for the engine's laws: no deadline, since the first example of a run reads the tables of names."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("engine", deadline=None)
settings.load_profile("engine")
