"""The values of an answer in words: names, dates, codes, truth values, and texts composed by questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from peru_asia_graph.errors import MissingValue, PeruAsiaGraphError, UnknownName, WrongKind
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.words import site_words
from peru_asia_graph.sources.date_words import DATE_IN_TEXT
from peru_asia_graph.views.cited_places import place_in_words
from peru_asia_graph.views.words import words
from peru_asia_graph.vocabulary import PREFIXES, THING

# Columns whose texts are shown as printed or as used by programs.
AS_PRINTED: Final = frozenset({
    "amount_printed", "comment_printed", "phase_printed", "share_printed", "value_printed", "printed", "words", "name",
    "row", "column", "formula", "reading_formula", "slug", "record", "field", "identifier", "hs_code",
})  # fmt: skip
# Columns with values from several sources, each with its name.
_SIDES: Final = frozenset({"beside", "stated"})
CHAINS: Final = frozenset({"chain", "chains"})
STEP: Final = " > "
_TERM: Final = re.compile(r"\b(pag|qb|skos):([A-Za-z]+)")
_TABLE: Final = re.compile(r"Table \d+")
_DATED: Final = re.compile(r"(?P<moment>.*?\d.*?)(?P<between>: )(?P<rest>.+)", re.DOTALL)
# A name followed by a code, such as a former holder's.
REMARKED: Final = re.compile(r"(?P<rest>.+) \((?P<code>[a-z-]+)\)")
_AS_OF: Final = re.compile(r"as of (?P<date>[12]\d{3}(?:-\d\d){0,2})")
_RANKED: Final = re.compile(r"(?P<rest>.+ %) (?P<code>[a-z-]+)")

# Phrases of the notes on similar names (see query/similar_names.py), and the keys of their translations.
_NOTED: Final = (
    (" is meant; ", "note.meant"), ("names like it: ", "note.like"), ("also called ", "note.called"),
    ("perhaps the same: ", "note.same"),
)  # fmt: skip
_SLUG: Final = re.compile(r" \([a-z0-9]+(?:-+[a-z0-9]+)*\)(?= is meant|[,;]|$| and \d+ more)")


@dataclass(frozen=True)
class AnswerWords:
    """Converts the values of one answer to words.

    ``names`` has the names of things in the reader's language by address, ``things`` addresses by label, ``sources``
    the short names of sources.
    """

    frame: Frame
    names: Mapping[str, str]
    things: Mapping[str, str]
    sources: Mapping[str, str]

    def whole(self, text: str) -> str:
        """Return the words for a text that the graph has in both languages, empty for others."""
        return _without_terms(self.frame, self.frame.told(text))

    def write(self, text: str, column: str, language: str) -> tuple[str, str]:
        """Return a text of an answer in words, and its language if that is not the page's."""
        if column in AS_PRINTED:
            return text, ""
        if "citation" in column or _TABLE.fullmatch(text):
            return place_in_words(text, self.frame.language), ""
        if column in CHAINS:
            return " → ".join(self.names.get(THING + slug, slug) for slug in text.split(STEP)), ""
        if column in _SIDES:
            return self._side(text, column), ""
        if found := self._known(text, column) or self._composed(text):
            return found, ""
        if language == "en" and self.frame.language != "en":
            # A one-word name has no language.
            return dates_in_words(self.frame.in_language("en"), text), "en" if " " in text else ""
        return _without_terms(self.frame, self._consulted(dates_in_words(self.frame, text))), ""

    def _consulted(self, text: str) -> str:
        """Return a list of works with their access dates."""
        return text.replace(", retrieved ", f", {self.frame.t('note.retrieved')} ")

    def _known(self, text: str, column: str = "") -> str:
        """Return the words for a value as a whole, empty if there are none."""
        own = site_words(self.frame.language)
        if found_date := _AS_OF.fullmatch(text):
            return self.frame.t("card.as-of", date=self.frame.date(found_date["date"]))
        found = own.get(f"value.{column}.{text}") or own.get(f"value.{text}") or self.frame.told(text)
        if column == "kind":
            found = own.get(f"sources.kind.{text}", found)
        name = self.names.get(self.things.get(text, ""), text)
        code = self.frame.code(text)
        return found or (name if name != text else "") or (code if code != text else "")

    def _composed(self, text: str) -> str:
        """Return the words for a text composed by a question: codes, a date and an event, a name and a code."""
        parts = text.split(", ")
        codes = words(self.frame.language)["terms"]
        written = [self._known(part) or (part if part in codes else "") for part in parts if part not in self.things]
        if 1 < len(parts) == len(written) and all(written):
            return ", ".join(written)
        if (found := _DATED.fullmatch(text)) and (moment := self.frame.told(found["moment"])):
            return f"{moment}: {self._known(found['rest']) or found['rest']}"
        for pattern, shown in ((REMARKED, "{} ({})"), (_RANKED, "{} {}")):
            if (found := pattern.fullmatch(text)) and (code := self._known(found["code"])):
                return shown.format(self._known(found["rest"]) or found["rest"], code)
        return ""

    def _side(self, text: str, column: str) -> str:
        """Return a source's statement, from its name and a code or a number: ``GEM: 11.7``."""
        parts = text.split(" ")
        source = next((self.sources[part] for part in parts if part in self.sources), "")
        others = " ".join(self._known(part, column) or part for part in parts if part not in self.sources)
        return f"{source}: {others}" if source and others else source or others


def dates_in_words(frame: Frame, text: str) -> str:
    """Return a text with its dates written in words; years alone are unchanged."""
    return DATE_IN_TEXT.sub(lambda found: frame.date(found[0]), text)


def _without_terms(frame: Frame, text: str) -> str:
    """Return a text with names of terms replaced by their labels."""
    return _TERM.sub(lambda found: frame.label(PREFIXES[found[1]] + found[2]), text)


def note_in_words(frame: Frame, note: str) -> tuple[str, str]:
    """Return a note on an answer without codes, and its language if that is not the page's."""
    text = _SLUG.sub("", note)
    for english, key in _NOTED if frame.language != "en" else ():
        text = text.replace(english, frame.t(key))
    return text, "en" if frame.language != "en" and text == _SLUG.sub("", note) else ""


def problem_in_words(frame: Frame, error: PeruAsiaGraphError | None) -> dict[str, str]:
    """Return the text of an error for readers of a page, and its language; empty without an error.

    The usual ones, a name that nothing has, a thing of a wrong kind and an empty field, are in the page's language.
    """
    if error is None:
        return {}
    if isinstance(error, MissingValue):
        return {"text": frame.t("problem.empty", name=frame.column(error.name)), "language": frame.language}
    if isinstance(error, WrongKind) or (isinstance(error, UnknownName) and error.kind == "thing"):
        near = frame.t("problem.near", names=", ".join(error.suggestions)) if error.suggestions else ""
        if isinstance(error, WrongKind):
            text = frame.t("problem.kind", name=error.name, column=frame.column(error.parameter))
        else:
            text = frame.t("problem.unknown", name=error.name)
        return {"text": f"{text} {near}".rstrip(), "language": frame.language}
    return {"text": str(error), "language": "en"}
