"""Takes summaries and ReleaseDocs; gives Outputs for readers. No page holds an address that starts with a slash."""
