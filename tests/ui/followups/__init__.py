"""Tests of follow-up at the desk."""
