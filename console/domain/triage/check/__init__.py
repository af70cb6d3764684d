"""Proof that a protocol is sound on every path, by decision diagrams: nothing is sampled and no path is listed."""

from console.domain.triage.check.findings import Conversation, Finding, Proof, Turn
from console.domain.triage.check.gaps import Gap, bound, gaps
from console.domain.triage.check.laws import LAWS, prove, prove_rules

__all__ = ["LAWS", "Conversation", "Finding", "Gap", "Proof", "Turn", "bound", "gaps", "prove", "prove_rules"]
