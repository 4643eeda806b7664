"""KEEPING PROOF: captures in WARC files, chained manifests, and their verification."""
