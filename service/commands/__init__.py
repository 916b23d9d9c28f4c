"""What an administrator does at the command line, one module a subject; service.cli puts them together."""
