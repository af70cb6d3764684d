"""Tests of the center's ground."""
