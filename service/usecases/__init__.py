"""What the service does: one verb a file. No HTTP here, and no transaction is opened or closed."""
