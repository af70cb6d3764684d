"""What each verb of the command line makes, by what it is about: calls, units, a new call."""
