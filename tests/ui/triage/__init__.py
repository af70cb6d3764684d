"""Tests of console.ui.triage."""
