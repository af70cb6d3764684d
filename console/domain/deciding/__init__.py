"""What may happen, by noun: one function a command, called by `decide` alone."""
