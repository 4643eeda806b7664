"""WORDS -> FINDINGS: rule packs, the engine that applies them, and what analysts run on them."""
