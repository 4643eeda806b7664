"""Fixtures for all tests. The operator's own settings never leak into a test."""

import os

for _name in [name for name in os.environ if name.startswith("NETPATROL_") and name != "NETPATROL_TEST_DATA"]:
    del os.environ[_name]
for _name in ("MONGO_URI", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
    os.environ.pop(_name, None)
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
