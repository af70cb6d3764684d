"""The units: what each is doing, since when, on which call, and what a person does for one."""
