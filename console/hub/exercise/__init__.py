"""The exercise: a simulated city that calls, answers, drives and clears, the same for the same seed."""

from console.hub.exercise.play import Exercise, play, prepare
from console.hub.exercise.script import ScriptError

__all__ = ["Exercise", "ScriptError", "play", "prepare"]
