"""The desk on the screen: the only folder that knows Qt."""
