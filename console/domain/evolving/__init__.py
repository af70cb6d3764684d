"""What an event changes, by noun: called by `evolve` alone."""
