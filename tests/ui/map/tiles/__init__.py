"""Drawn tiles."""
