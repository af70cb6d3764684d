"""Tests of the units pane."""
