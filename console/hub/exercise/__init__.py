"""The exercise: a simulated center, seeded and reproducible, for the first run and for training."""
