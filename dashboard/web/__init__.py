"""Who is looking, at which address, under which security headers."""
