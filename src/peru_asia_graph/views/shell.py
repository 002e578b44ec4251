"""The HTML document around every page: one template, one style sheet, one script bundle, one Content-Security-Policy.

Text in the document is escaped by the template, or is JSON that cannot end its element.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from peru_asia_graph.views.cited_places import fields_in
from peru_asia_graph.views.head import exported_head
from peru_asia_graph.views.page_registry import PAGES, is_board, network_kinds
from peru_asia_graph.views.sanitize import sanitize, sanitize_all
from peru_asia_graph.views.search_words import RULES
from peru_asia_graph.views.small.line_kinds import FILE as LINE_KINDS
from peru_asia_graph.views.words import LANGUAGES, page_words, words

if TYPE_CHECKING:
    from jinja2 import Template

HERE: Final = Path(__file__).parent
VIS: Final = HERE.parent / "assets" / "vis-network"
FONT: Final = HERE.parent / "assets" / "font"
OUTLINES: Final = HERE.parent / "assets" / "peru-departments"
# The shared modules of the bundle, in order of use; then those of the pages, then the last two.
SHARED_SCRIPTS: Final = (
    "base", "words", "text", "layered", "ladder", "model", "statements", "folds", "groups", "scene", "download",
    "panel", "table", "marks", "suggest", "controls", "print", "charts", "geography", "map-inset", "map-hollow",
    "layout", "canvas", "legend", "timescale",
    "board", "board-layout", "board-draw", "board-phone", "board-panel", "alt", "citation", "picture", "share", "story",
)  # fmt: skip
LAST_SCRIPTS: Final = ("start",)
# Styles shared by all pages and the site, then those added by interactive pages.
STYLES: Final = ("base.css", "page.css")
SITE_STYLE: Final = "site.css"
HEAD_SCRIPT: Final = "head.js"
# The styles set by vis-network, listed by hash.
VIS_STYLES: Final = " ".join((VIS / "style-hashes.txt").read_text("utf-8").split())
VIS_FILE: Final = "vis-network.min.js"
# The data of a network is compressed above this many characters, so that a page with thousands of firms can be mailed;
# the limit is lower if the page also embeds the drawing library.
LONG_DATA: Final = 320_000
LONG_WITH_LIBRARY: Final = 150_000
_ABOUT: Final = '<script type="application/json" id="about">{}</script>'


def script_names() -> list[str]:
    """Return the modules of the script bundle in order."""
    return [*SHARED_SCRIPTS, *dict.fromkeys(page.script_name for page in PAGES), *LAST_SCRIPTS]


@lru_cache
def texts() -> dict[str, str]:
    """Return the texts of the scripts and style sheets, by file name."""
    bundle = "\n".join((HERE / "script" / f"{name}.js").read_text("utf-8") for name in script_names())
    kinds = json.dumps(json.loads(LINE_KINDS.read_text("utf-8")))
    constants = f"const LINE_KINDS = {kinds}, SEARCH_WORDS = {json.dumps(RULES)}, LONG_DATA = {LONG_WITH_LIBRARY};"
    font = b64encode((FONT / "source-sans-3-latin-wght-normal.woff2").read_bytes()).decode()
    base, page = ((HERE / "style" / name).read_text("utf-8") for name in STYLES)
    return {
        VIS_FILE: (VIS / VIS_FILE).read_text("utf-8"),
        "page.js": f'"use strict";\n(async () => {{\n{constants}\n{bundle}\n}})();\n',
        "base.css": base.replace("FONT_DATA", f"data:font/woff2;base64,{font}"),
        "page.css": page,
        SITE_STYLE: (HERE / "style" / SITE_STYLE).read_text("utf-8"),
        HEAD_SCRIPT: (HERE / "static" / HEAD_SCRIPT).read_text("utf-8"),
    }


def render(
    kind: str,
    data: dict[str, Any],
    *,
    language: str,
    assets: str | None,
    pages: Sequence[str] | None = None,
    **parts: Any,
) -> str:
    """Return the document of a page; without ``assets`` it embeds script, style and font. ``pages`` are in its menu."""
    network, canvas = kind in network_kinds(), kind in network_kinds() and not is_board(kind)
    scripts = [HEAD_SCRIPT, *([VIS_FILE] if canvas else []), "page.js"]
    limit = LONG_WITH_LIBRARY if canvas and assets is None else LONG_DATA
    data |= {"kind": kind, "language": language, "words": {code: page_words(kind, code) for code in LANGUAGES}}
    data |= {"relations": {code: words(code)["relations"] for code in LANGUAGES}, "fields": fields_in(_texts(data))}
    return template().render(
        kind=kind,
        ui=words(language)["ui"],
        language=language,
        graph=network,
        canvas=canvas,
        head=exported_head(kind, language, assets, pages),
        styles=STYLES,
        scripts=scripts,
        texts=texts(),
        assets=assets,
        data=as_script_data(data, limit if network else None),
        policy=policy(scripts, assets),
        **parts,
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield all texts in the data of a page, in any order."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, (dict, list, tuple)):
            left.extend(one.values() if isinstance(one, dict) else one)


@lru_cache
def template(name: str = "shell.html") -> Template:
    """Return a template, compiled once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    return environment.get_template(name)


class PageOptions(TypedDict, total=False):
    """The inputs of every page without a network, besides its rows.

    ``works`` has the works cited in each passage, ``sources`` name, short name, title and year of each source, in
    order; ``language`` is the initial language, ``assets`` the folder of the shared scripts, unless the page is a
    single file, ``start`` the initial state, such as its year, ``pages`` the pages in the menu.
    """

    kind: str
    works: Mapping[str, Sequence[str]]
    language: str
    assets: str | None
    sources: Sequence[Mapping[str, Any]]
    start: Mapping[str, str]
    pages: Sequence[str]


def table_page(
    data: Mapping[str, Any], table: Sequence[Sequence[str]], places: Collection[str], **options: Unpack[PageOptions]
) -> str:
    """Return a page without a network: its script reads ``data``; ``table`` is shown if scripts do not run.

    ``places`` are the citations whose works are shown. ``{kind}.title`` and ``{kind}.lead`` are the page's heading.
    """
    kind, language = options["kind"], options.get("language", LANGUAGES[0])
    ui = words(language)["ui"]
    rows = [[sanitize(cell) for cell in row] for row in table]
    told: dict[str, Any] = {
        "sources": [dict(row) for row in options.get("sources", ())],
        "works": {place: list(named) for place, named in options.get("works", {}).items() if place in places},
    }
    if options.get("start"):
        told["start"] = dict(options["start"])
    title, assets = ui.get(f"{kind}.title", kind), options.get("assets")
    shown: dict[str, Any] = {"title": title, "tables": [rows], "pages": options.get("pages")}
    return render(kind, sanitize_all({**data, **told}), language=language, assets=assets, **shown)


def fill_about(page: str, about: dict[str, Any]) -> str:
    """Return the page with its graph metadata: its citation, those of the sources, and its stories."""
    return page.replace(_ABOUT.format("{}"), _ABOUT.format(as_script_data(about)[1]), 1)


def policy(scripts: Sequence[str], assets: str | None) -> str:
    """Return the page's Content-Security-Policy: its own script, style and font; inline ones are listed by hash."""
    linked = "'self' file:"  # Chromium only needs 'self'; file: is for browsers that give each file its own origin
    script = linked if assets is not None else " ".join(csp_hash(texts()[name]) for name in scripts)
    style = linked if assets is not None else " ".join(csp_hash(texts()[name]) for name in STYLES)
    style += f" {VIS_STYLES}"
    ours = f"default-src 'none'; script-src {script}; style-src {style}; font-src data:; img-src data:"
    return f"{ours}; base-uri 'none'; form-action 'none'"


def csp_hash(text: str) -> str:
    """Return the CSP hash source of an inline script or style."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def as_script_data(data: dict[str, Any], limit: int | None = None) -> tuple[str, str]:
    """Return media type and content of a script element's data: ASCII that cannot end the element.

    More than ``limit`` characters are compressed; the bytes then depend on the machine's zlib.
    """
    text = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    if limit is not None and len(text) > limit:
        return "application/gzip", b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return "application/json", text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
