"""A page in the output of a notebook: a sandboxed frame that decompresses the page, without network access.

Every output is self-contained, even if other cells are rerun or removed. The font, and the table for readers without
scripts, which could not be seen there, are left out.
"""

from __future__ import annotations

import gzip
import html
import re
from base64 import b85encode
from string import Template, ascii_lowercase, ascii_uppercase, digits
from typing import Final

from peru_asia_graph.views.shell import csp_hash, texts

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
