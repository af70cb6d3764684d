"""The supervisor's floor: today beside the published figures, the queue over time, units and desks, alarms."""
