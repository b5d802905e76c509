"""Looking for things by what they are called and by how that is spelt."""
