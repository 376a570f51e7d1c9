"""What tests of governance read and write beside the pages: the API, a shell, PDFs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pypdf import PdfReader

from tests.browser.conftest import Site


def ask(site: Site, who: str, address: str, method: str = "GET", **body: Any) -> Any:
    """What the API answers a person. Raises HTTPError for a refusal."""
    if not address.startswith("http"):
        address = f"{site.base}/api/v1/{address}"
    request = urllib.request.Request(  # noqa: S310 - the site's own address
        address,
        json.dumps(body).encode() if body else None,
        {
            "Authorization": f"Token {site.accounts[who]['token']}",
            "Content-Type": "application/json",
        },
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def every(site: Site, who: str, address: str) -> list[Any]:
    """All rows of a list of the API."""
    rows: list[Any] = []
    while address:
        page = ask(site, who, address)
        rows += page["results"]
        address = page["next"] or ""
    return rows


def shell(site: Site, code: str) -> None:
    """Run Python in the site's own settings, beside the running site."""
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code], env=site.env, check=True,
        capture_output=True, text=True,
    )  # fmt: skip


def draft(site: Site, who: str, slug: str, product: str, texts: Mapping[str, str]) -> None:
    """Write some sections of a product, which is started if the effort does not have it."""
    of = urlencode({"effort__slug": slug, "key": product})
    found = ask(site, who, f"products/?{of}")["results"]
    if not found:
        found = [ask(site, who, "products/", "POST", effort=slug, format=product)]
    rows = every(site, who, f"sections/?product={found[0]['id']}")
    sections = {row["key"]: row for row in rows}
    for key, body in texts.items():
        plain = not body.lstrip().startswith("<")
        if body != sections[key]["body"]:
            ask(
                site, who, f"sections/{sections[key]['id']}/", "PUT", body=body, plain=plain,
                revision=sections[key]["revision"],
            )  # fmt: skip


def words_of(path: Path) -> str:
    """The text of a PDF without its spaces, which may stand anywhere in a line."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(path).pages)


def holds(text: str, words: str) -> bool:
    """Whether a PDF's text has the words, sentence by sentence: a page may end between two."""
    sentences = re.split(r"(?<=[.:;]) ", " ".join(words.split()))
    return all("".join(one.split()) in text for one in sentences)
