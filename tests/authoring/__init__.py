"""Tests of what the authors of a center's rules work with."""
