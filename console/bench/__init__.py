"""Measurements, each beside its raw baseline taken in the same run."""
