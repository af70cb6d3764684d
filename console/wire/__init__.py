"""Records to JSON and back, with the format version and the upcasts of older events, for both ends."""
