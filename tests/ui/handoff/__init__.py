"""The hand-off banner and the clinician's panes."""
