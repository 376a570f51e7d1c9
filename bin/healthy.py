"""The image's health check: the web process on the port given answers.

Asked by a host name that it serves: Django refuses others, and "localhost" is seldom among them.
"""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
request = urllib.request.Request(  # noqa: S310 - loopback
    f"http://127.0.0.1:{sys.argv[1]}/healthz", headers={"Host": host}
)
urllib.request.urlopen(request, timeout=4)  # noqa: S310 - loopback
