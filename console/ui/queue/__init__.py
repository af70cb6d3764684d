"""The pending queue: eligible calls that nobody serves yet, in the order in which they should be served."""
