"""The git program as a service: safe calls, a cache of bare clones, objects read without a checkout. Never a shell,
never a hook, never a question to the user; nothing of a repository is ever executed or written to a work tree."""
