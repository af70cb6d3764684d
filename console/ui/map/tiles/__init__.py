"""Tiles drawn from a center's streets, in the colours of both themes, with the streets' names."""
