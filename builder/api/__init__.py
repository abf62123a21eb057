"""Takes summaries and ReleaseDocs; gives Outputs for machines. Never HTML, never anything that was withheld."""
