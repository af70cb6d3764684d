"""Triage protocols: the model, the proofs that a protocol is sound, and the interview it leads."""
