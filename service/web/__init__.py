"""HTTP: routes, authentication, problems. No rules of the product live here."""
