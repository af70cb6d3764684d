"""Passing a caller between desks: the banner that rings, and the panes of the clinician who takes the caller."""
