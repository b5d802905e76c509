"""Results as one viewer may see them, work in the background, kept pages, files handed out."""
