"""Takes a Snapshot; gives the Documents of a provider or the Parts of a module in one canonical layout.

Never reads the network, a file system or Markdown, never follows a link, never drops a file silently.
"""
