"""What other programs read: one table of addresses, from which routes, permissions and the OpenAPI document follow."""
