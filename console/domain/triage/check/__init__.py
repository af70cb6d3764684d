"""Proof that a protocol is sound on every path, by decision diagrams: nothing is sampled and no path is listed."""

from console.domain.triage.check.findings import Conversation, Finding, Proof, Turn, listed
from console.domain.triage.check.form import ill_formed, unknown_fact, unknown_in
from console.domain.triage.check.gaps import Gap, bound, gaps
from console.domain.triage.check.laws import LAWS, prove, prove_rules

__all__ = [
    "LAWS", "Conversation", "Finding", "Gap", "Proof", "Turn", "bound", "gaps", "ill_formed", "listed", "prove",
    "prove_rules", "unknown_fact", "unknown_in",
]  # fmt: skip
