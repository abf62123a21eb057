"""The nouns: frozen values from the standard library only. Never any I/O, never a codec."""
