"""Finds named questions by words of their names, titles (in English or Spanish) or else descriptions."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from peru_asia_graph.errors import SUGGESTED, UnknownName, suggest
from peru_asia_graph.query.questions import Question, Questions
from peru_asia_graph.query.search_entries import IndexEntry
from peru_asia_graph.query.search_index import SearchIndex
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.search_words import ALIKE, IGNORED, INTERROGATIVES, stem, words_in

_KIND: Final = "kind.question"
_YEAR: Final = re.compile(r"\b(18|19|20)\d\d\b")


class FoundQuestions(NamedTuple):
    """Questions, best first, and whether they were found only by words that are spelt similarly."""

    questions: list[Question]
    guessed: bool


def list_questions(questions: Questions, text: str) -> FoundQuestions:
    """Return the questions with a text in their name or title, or else those that match its words."""
    wanted = text.casefold().strip()
    named = [one for one in questions.values() if wanted in f"{one.name} {one.title}".casefold()]
    return FoundQuestions(named, False) if named else find_questions(questions, text)


def find_questions(questions: Questions, text: str, most: int = 10) -> FoundQuestions:
    """Return the questions that match the words of a text such as "¿quién es dueño de Antamina?", best first."""
    spanish = site_words("es")
    # "Who owns Block 8?" also matches what a question is asked of ("mine, block or firm"), except names listed there.
    is_asked_of_thing = any(stem(word) in INTERROGATIVES and stem(word) in ALIKE for word in words_in(text))
    entries = []
    for name, one in questions.items():
        titles = {"en": one.title, "es": spanish.get(one.title, one.title)}
        entities = [each.description for each in one.parameters if is_asked_of_thing and each.kind.startswith("entity")]
        kinds = " ".join(word for each in entities for word in each.split() if word.islower())
        entries.append(IndexEntry(name, titles, _KIND, [name.replace("-", " ")], tier=1, about={"en": kinds}))
    timeless = _YEAR.sub("", text)
    hits = SearchIndex(entries).find(timeless if words_in(timeless) else text, most)
    if timeless != text:
        hits.sort(key=lambda hit: "year" not in words_in(hit.entry.labels["en"]))
    found, guessed = [questions[hit.entry.path] for hit in hits], any(hit.guess for hit in hits)
    if not found or guessed:
        wanted = {stem(word) for word in words_in(text)} - IGNORED
        described = [one for one in questions.values() if wanted and wanted <= _words(one)]
        found, guessed = (described[:most], False) if described else (found, guessed)
    return FoundQuestions(found, guessed)


def _words(question: Question) -> set[str]:
    texts = question.name.replace("-", " "), question.title, question.fields.get("description", "")
    return {stem(word) for word in words_in(" ".join(texts))}


def choose_question(questions: Questions, name: str) -> Question:
    """Return the question of this name; raise UnknownName with close matches and an example of the first."""
    if name in questions:
        return questions[name]
    by_words = find_questions(questions, name, SUGGESTED)
    close = [questions[one] for one in suggest(name, questions)]
    found = [*close, *by_words.questions] if by_words.guessed else [*by_words.questions, *close]
    names = [*dict.fromkeys(one.name for one in found)][:SUGGESTED]
    example = questions[names[0]].fields.get("example", "") if names else ""
    hint = f"{f'For example: {example}. ' if example else ''}List them: pag questions"
    raise UnknownName("question", name, names, hint)
