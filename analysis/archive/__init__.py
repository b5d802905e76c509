"""The archive pack of a closed year: everything an auditor asks for years later, and what tells that nothing of it changed."""
