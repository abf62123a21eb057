"""Takes a Snapshot and a policy; gives a Verdict, and replaces what may not be shown. When in doubt it withholds."""
