"""A file that cannot be read as what it should be."""


class Unusable(Exception):
    """Nothing can be made of a file; the message says what is wrong with it, where, and what would do, without its name."""
