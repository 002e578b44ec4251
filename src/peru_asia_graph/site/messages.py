"""Messages of the program, errors and notes, in words for readers of pages; found by their English templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from peru_asia_graph.errors import MissingValue, PeruAsiaGraphError, UnknownName, WrongKind
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.term_labels import labels_in
from peru_asia_graph.site.frame import Frame
from peru_asia_graph.site.words import site_words
from peru_asia_graph.vocabulary import ONTOLOGY, THING, thing

# Keys of ``words/messages.json``: this, then the English message with a name in braces for each variable part.
_PREFIX: Final = "message."
_PART: Final = re.compile(r"\\{(\w+)\\}")
_OR: Final = re.compile(r", | or ")
_SLUG: Final = re.compile(r" \(([a-z0-9]+(?:-+[a-z0-9]+)*)\)(?= is meant|[,;]|$| and \d+ more)")
_MEANT: Final = " is meant; "
# Phrases of the notes on similar names (see query/similar_names.py), and the keys of their translations.
_NOTED: Final = tuple(
    (re.compile(pattern), f"note.{key}")
    for pattern, key in (
        (_MEANT, "meant"), (r"(?<=; )names like it: ", "like"), (r"(?<=; )also called ", "called"),
        (r"(?<=; )perhaps the same: ", "same"), (r"(?<=; )has the part ", "has-part"), (r"(?<=; )part of ", "part-of"),
        (r"(?<=; )successor of ", "successor"), (r"(?<=; )succeeded by ", "succeeded"),
        (r" and (?=\d+ more)", "and"), (r"(?<=\d) more\b", "more"),
    )
)  # fmt: skip
_KINDS_OF_NAMES: Final = ("thing", "source", "code", "parameter")


def message_in_words(frame: Frame, text: str, kg: KnowledgeGraph | None = None) -> tuple[str, str]:
    """Return a message in the language of the page, and its language if it has no translation.

    Its variable parts are also put in words: ``field`` is the name of a parameter, ``classes`` a list of classes,
    ``thing`` the slug of a thing, ``labels`` a list of names of things, ``sources`` one of
    names of sources. A second one of a kind has a number after it: ``field_2``.
    """
    own = site_words(frame.language)
    for key, pattern in _patterns():
        if (found := pattern.fullmatch(text)) and key in own:
            parts = {name: _in_words(frame, name, part, kg) for name, part in found.groupdict().items()}
            return own[key].format(**parts), ""
    return text, "en" if frame.language != "en" else ""


@lru_cache(1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return the keys of all messages, each with the pattern of its English text."""
    keys = [key for key in site_words("es") if key.startswith(_PREFIX)]
    escaped = {key: re.escape(key.removeprefix(_PREFIX)) for key in keys}
    return [(key, re.compile(_PART.sub(r"(?P<\1>.+?)", text), re.DOTALL)) for key, text in escaped.items()]


def _in_words(frame: Frame, name: str, part: str, kg: KnowledgeGraph | None) -> str:
    put: Mapping[str, Callable[[], str]] = {
        "field": lambda: frame.column(part),
        "classes": lambda: ", ".join(_class_in_words(frame, one) for one in _OR.split(part)),
        "thing": lambda: _labels(kg, frame, [part]).get(part, part),
        "labels": lambda: _names_in_words(kg, frame, part),
        "sources": lambda: ", ".join(_source_in_words(kg, one.strip("'")) for one in _OR.split(part)),
    }
    kind = name.partition("_")[0]
    return put[kind]() if kind in put else part


def _class_in_words(frame: Frame, words: str) -> str:
    return frame.label(ONTOLOGY + "".join(word.capitalize() for word in words.split()))


def _source_in_words(kg: KnowledgeGraph | None, name: str) -> str:
    return next((one.short or name for one in kg.sources if one.name == name), name) if kg else name


def _labels(kg: KnowledgeGraph | None, frame: Frame, slugs: list[str], language: str = "") -> dict[str, str]:
    """Return the labels of things by slug."""
    found = labels_in(kg.store, [thing(slug) for slug in slugs], language or frame.language) if kg and slugs else {}
    return {iri.removeprefix(THING): label for iri, label in found.items()}


def _names_in_words(kg: KnowledgeGraph | None, frame: Frame, text: str) -> str:
    names = text.split(", ")
    slugs = {name: iri.removeprefix(THING) for name, iri in kg.names.link(names).items()} if kg else {}
    labels = _labels(kg, frame, sorted(slugs.values()))
    return ", ".join(labels.get(slugs.get(name, ""), name) for name in names)


def note_in_words(frame: Frame, note: str, kg: KnowledgeGraph | None = None) -> tuple[str, str]:
    """Return a note on an answer without codes, and its language if that is not the page's."""
    text, language = message_in_words(frame, note, kg)
    if not language or _MEANT not in note:
        return _SLUG.sub("", text), language
    english, own = (_labels(kg, frame, _SLUG.findall(note), one) for one in ("en", frame.language))
    for slug, label in english.items():
        text = text.replace(f"{label} ({slug})", f"{own[slug]} ({slug})")
    text = _SLUG.sub("", text)
    for pattern, key in _NOTED:
        text = pattern.sub(frame.t(key), text)
    return text, ""


def problem_in_words(frame: Frame, error: PeruAsiaGraphError | None, kg: KnowledgeGraph) -> dict[str, str]:
    """Return the text of an error for readers of a page, and its language; empty without an error."""
    if error is None:
        return {}
    if isinstance(error, MissingValue):
        return {"text": frame.t("problem.empty", name=frame.column(error.name)), "language": frame.language}
    kind = error.kind.split()[0] if isinstance(error, UnknownName) else ""
    if isinstance(error, UnknownName) and kind in _KINDS_OF_NAMES:
        text = frame.t(f"problem.unknown.{kind}", name=error.name)
        near = error.suggestions if kind == "thing" else []
    elif isinstance(error, WrongKind):
        own, *accepted = (_class_in_words(frame, one) for one in (error.kind, *error.accepted))
        field = frame.column(error.parameter)
        name = _labels(kg, frame, [error.name]).get(error.name, error.name)
        text = frame.t("problem.kind", name=name, field=field, kind=own, accepted=", ".join(accepted))
        near = error.suggestions
    else:
        text, language = message_in_words(frame, str(error), kg)
        return {"text": text, "language": language or frame.language}
    if near:
        # A name may itself end in a full stop.
        text += " " + frame.t("problem.near", names=_names_in_words(kg, frame, ", ".join(near)).removesuffix("."))
    return {"text": text, "language": frame.language}
