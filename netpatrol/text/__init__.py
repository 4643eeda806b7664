"""BYTES -> WORDS: decode, parse, extract, normalise, cut, and read identifiers."""
