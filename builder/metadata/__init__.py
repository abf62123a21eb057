"""Takes a metadata repository's files; gives Entries and back. Never the network, never a repository's content."""
