"""THE DATABASE: MongoDB through pymongo, and the embedded server."""
