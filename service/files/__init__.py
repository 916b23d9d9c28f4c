"""Files of customers: what is in them, whatever wrote them. Knows no database."""
