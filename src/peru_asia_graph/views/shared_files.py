"""The files shared by pages made with ``assets``: script, style, the script for saving as one file, licences.

A page opened from disk may load scripts but not read files, so the texts to embed are provided in a script.
"""

from __future__ import annotations

import json
import re
from typing import Final

from peru_asia_graph.views.page_registry import page_kinds
from peru_asia_graph.views.shell import FONT, OUTLINES, VIS, render, texts
from peru_asia_graph.views.words import LANGUAGES, words

_ONE_FILE: Final = "one-file.js"
_DATA: Final = re.compile(r'<script type="application/json" id="data">.*?</script>', re.DOTALL)


def shared_files() -> dict[str, bytes]:
    """Return the files shared by pages made with ``assets``, licences included."""
    files = {name: text.encode() for name, text in (*texts().items(), (_ONE_FILE, one_file_script()))}
    files |= {f"vis-network.{path.name}": path.read_bytes() for path in VIS.glob("LICENSE-*")}
    files |= {f"source-sans-3.{path.name}": path.read_bytes() for path in FONT.glob("LICENSE-*")}
    return files | {f"peru-departments.{path.name}": path.read_bytes() for path in OUTLINES.glob("LICENSE-*")}


def one_file_script() -> str:
    """Return the script that defines ``pagOneFile``: the texts that pages embed, and the surrounding documents.

    ``documents`` has the documents by kind and language; in a document, ``{{NAME}}`` is a placeholder for a text of
    ``texts``, ``{{data}}`` for the data.
    """
    documents = {kind: {one: _document(kind, one) for one in LANGUAGES} for kind in page_kinds()}
    pages = "".join(page for one in documents.values() for page in one.values())
    found = {"texts": {name: text for name, text in texts().items() if _mark(name) in pages}, "documents": documents}
    return f"window.pagOneFile = {json.dumps(found, ensure_ascii=False, sort_keys=True)};\n"


def _document(kind: str, language: str) -> str:
    title = words(language)["ui"][f"{kind}.title"]
    page = render(kind, {}, language=language, assets=None, title=title, tables=[])
    page = _DATA.sub("{{data}}", page, count=1)
    for name, text in texts().items():
        page = page.replace(text, _mark(name), 1)
    return page


def _mark(name: str) -> str:
    return f"{{{{{name}}}}}"
