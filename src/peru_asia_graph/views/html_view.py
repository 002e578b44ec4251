"""An HTML page that can be saved to a file or shown in a notebook.

A notebook shows it in a sandboxed frame that decompresses the page, without network access. Every output is
self-contained, even if other cells are rerun or removed. The font, and the table for readers without scripts, which
could not be seen there, are left out.
"""

from __future__ import annotations

import gzip
import html
import os
import re
from base64 import b85encode
from dataclasses import dataclass
from pathlib import Path
from string import Template, ascii_lowercase, ascii_uppercase, digits
from typing import Final

from peru_asia_graph.errors import WrongUse
from peru_asia_graph.files.output_file import check_file, write_file
from peru_asia_graph.files.output_folder import FolderReport, write_folder
from peru_asia_graph.views.shell import csp_hash, texts

# In the template of all pages, near the start.
_GENERATOR: Final = b'<meta name="generator" content="pag view">'

# Base85 characters that would have to be escaped in HTML, and their substitutes.
_ESCAPED: Final = str.maketrans("&<>`", ",.:[")
_ALPHABET: Final = f"{digits}{ascii_uppercase}{ascii_lowercase}!#$%&()*+-;<=>?@^_`{{|}}~".translate(_ESCAPED)
_FONT_RULE: Final = re.compile(r"@font-face \{[^}]*\}\s*")
_NOSCRIPT: Final = re.compile(r"<noscript>\n.*?</noscript>", re.DOTALL)  # with a line break: a script contains the tag
_FRAME: Final = 'sandbox="allow-scripts allow-downloads" width="100%" height="640" style="border:0"'
_LOADER: Final = Template("""<!doctype html><meta charset="utf-8"><p id="message"></p>
<script type="text/plain" id="page">$page</script>
<script>(async () => {
try {
const text = document.getElementById("page").textContent, value = {};
[..."$alphabet"].forEach((letter, index) => { value[letter] = index; });
const bytes = new Uint8Array(text.length / 5 * 4), view = new DataView(bytes.buffer);
for (let at = 0, to = 0; at < text.length; to += 4) {
  let sum = 0;
  for (const end = at + 5; at < end; at++) sum = sum * 85 + value[text[at]];
  view.setUint32(to, sum);
}
const packed = new Blob([bytes.subarray(0, $size)]).stream();
const page = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
document.open(); document.write(page); document.close();
} catch (error) {
document.getElementById("message").textContent = "The page cannot be shown here (" + error + "). Save it: .save(path)";
}
})();</script>""")


def is_page(path: Path) -> bool:
    """Return whether a file is a page that this package wrote."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _GENERATOR in file.read(200)


@dataclass(frozen=True)
class View:
    """One HTML document; ``assets`` is the adjacent folder with its script and style."""

    html: str
    assets: str | None = None

    def save(self, path: str | Path) -> Path:
        """Write the document atomically, and its shared files, if any; return its path."""
        target = _path(path)
        check_file(target, regular=self.assets is not None)
        self.save_shared(target.parent)
        write_file(target, self.html.encode())
        return target

    def save_shared(self, folder: str | Path) -> FolderReport:
        """Write the files that the pages of a folder share, if any; return a report on the folder."""
        from peru_asia_graph.views.shared_files import shared_files

        if self.assets is None:
            return FolderReport(changed=False)
        return write_folder(_path(folder) / self.assets, shared_files(), command="pag view --shared")

    def _repr_html_(self) -> str:
        # A separate frame, without access to the notebook.
        return notebook_frame(self.html)

    def __repr__(self) -> str:
        return f"<View of {len(self.html.encode()):,} bytes; .save(path) writes it>"


def _path(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise WrongUse(f"the path of a page must be a text or a path, not {type(path).__name__}")
    return Path(path)


def notebook_frame(page: str) -> str:
    """Return the element that shows a single-file page in a notebook."""
    packed = gzip.compress(_without_font(_NOSCRIPT.sub("", page)).encode(), mtime=0)
    encoded = b85encode(packed, pad=True).decode().translate(_ESCAPED)
    document = _LOADER.substitute(page=encoded, alphabet=_ALPHABET, size=len(packed))
    return f'<iframe {_FRAME} srcdoc="{html.escape(document, quote=True)}"></iframe>'


def _without_font(page: str) -> str:
    """Return the page with system fonts; the policy of the page lists its style by hash."""
    style = texts()["base.css"]
    plain = _FONT_RULE.sub("", style)
    return page.replace(style, plain).replace(csp_hash(style).strip("'"), csp_hash(plain).strip("'"))
