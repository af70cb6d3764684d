"""Positions from a center's own vehicles: one file a protocol, and what the protocols share."""
