"""Shipped for plugin writers and used by our own tests: contract suites, fakes, repository makers, HTML checks."""
