"""The bench: its arithmetic, its loads, and a tiny run against a real little server."""
