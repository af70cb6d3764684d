"""What a center knows and decides: pure records and functions, without clock, chance or input and output."""
