"""Tests of recorded calls: files of other systems, their mappings, and their feeding."""
