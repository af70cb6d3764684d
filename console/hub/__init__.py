"""The hub that a center's desks share: the log, its store, the stream, rights and the clock."""
