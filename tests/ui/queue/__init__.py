"""Tests of console.ui.queue."""
