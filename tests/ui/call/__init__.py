"""Tests of console.ui.call."""
