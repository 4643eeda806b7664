"""WHERE TO LOOK: the crawls."""
