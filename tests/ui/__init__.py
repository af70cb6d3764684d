"""Tests of the panes and what they share."""
