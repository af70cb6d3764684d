"""Call-taking questions of the selected call, one at a time, and the response that the answers point to."""
