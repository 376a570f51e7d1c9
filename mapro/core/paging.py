"""Keyset paging: a page costs the same wherever it lies, and no total is counted."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """50 rows a page, by key, newest first."""

    page_size = 50
    ordering: str | tuple[str, ...] = "-pk"
    max_page_size = 200
    page_size_query_param = "page_size"
