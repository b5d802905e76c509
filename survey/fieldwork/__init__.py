"""The register of communities, how many responses are wanted, records of telephone contacts."""
