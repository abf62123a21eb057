"""What a module takes and gives: the facts of each file (kept by blob id), merged to the facts of a directory."""
