"""FACTS -> MATCHES: the register, identifiers, names, places, and who runs a shop."""
