"""Takes a Snapshot; gives Documents in the canonical layout. Never reads the network, never drops a file silently."""
