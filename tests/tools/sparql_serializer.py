"""How Schemathesis sends a query as the body of a request."""

from __future__ import annotations

from typing import Any

import schemathesis


@schemathesis.serializer("application/sparql-query")
def as_bytes(context: Any, value: Any) -> bytes:
    """Return the body; what is no text is sent as it prints."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
