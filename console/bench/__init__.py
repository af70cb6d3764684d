"""Figures that the console must reach, each beside its raw baseline measured in the same run."""
