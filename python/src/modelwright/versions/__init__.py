"""What a version is on disk: its files, its documents, and what it can be checked by."""
