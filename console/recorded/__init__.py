"""Recorded calls for service: files of other systems read row by row through a mapping."""
