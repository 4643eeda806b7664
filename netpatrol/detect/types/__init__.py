"""The closed set of rule types, one file each."""
