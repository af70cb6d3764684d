"""The supervisor's panes."""
