"""THIN ADAPTERS: one Scrapy pipeline per stage over the pure core."""
