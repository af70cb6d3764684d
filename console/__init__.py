"""The HEART console: a dispatch desk for 911 communications centers with a crisis response, and its hub."""
