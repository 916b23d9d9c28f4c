"""The shapes of requests and answers, for validation and for the OpenAPI document; one module a resource."""
