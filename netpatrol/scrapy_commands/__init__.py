"""Scrapy commands that netpatrol replaces."""
