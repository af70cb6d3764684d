"""Follow-up after a call: referring a neighbor, the list of who is owed a first contact, and what came of it."""
