"""Takes Outputs; writes the site and its manifest. The only writer of the site; a reader never sees half of it."""
