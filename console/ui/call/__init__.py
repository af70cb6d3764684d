"""The selected call: what is known, what was said, what may be done, and how it ends."""
