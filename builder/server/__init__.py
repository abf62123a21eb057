"""Serves a built site on the loopback address as a static host would."""
