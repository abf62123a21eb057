"""HCL, read without running anything: native syntax and JSON syntax to one tree, literals to values, types to cty JSON."""
