"""The service: what comes in, who it is, what is kept of it, and who is asked."""
