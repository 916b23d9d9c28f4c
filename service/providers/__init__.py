"""One file per provider: `verify` the raw bytes, `parse` them into events, `read` what an event says of its sender."""
