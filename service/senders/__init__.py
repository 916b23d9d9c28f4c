"""Ways out: a module a provider. A sender knows how to hand one message over, and what each refusal means."""
