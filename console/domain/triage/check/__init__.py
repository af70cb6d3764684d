"""Proof that a protocol is sound on every path, by decision diagrams: nothing is sampled and no path is listed."""

from console.domain.triage.check.findings import Conversation, Finding, Proof, Turn
from console.domain.triage.check.laws import prove, prove_rules

__all__ = ["Conversation", "Finding", "Proof", "Turn", "prove", "prove_rules"]
