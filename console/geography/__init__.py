"""What a center knows of its ground: addresses, streets, layers and the base map; imported once, then only read."""
