"""What the people who write a center's rules work with: proofs, walks, comparisons, and other systems' formats."""
