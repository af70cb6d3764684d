"""Tests of the feeds of positions."""
