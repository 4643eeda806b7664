"""FINDINGS + MATCHES -> LEADS: pure functions that build and merge case leads."""
