"""Finds named questions by words of their names and titles, in English or Spanish."""

from __future__ import annotations

from typing import Final

from peru_asia_graph.errors import SUGGESTED, UnknownName
from peru_asia_graph.query.questions import Question, Questions
from peru_asia_graph.query.search_entries import IndexEntry
from peru_asia_graph.query.search_index import SearchIndex
from peru_asia_graph.site.words import site_words
from peru_asia_graph.views.search_words import ALIKE, INTERROGATIVES, stem, words_in

_KIND: Final = "kind.question"


def find_questions(questions: Questions, text: str, most: int = 10) -> list[Question]:
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
    return [questions[hit.entry.path] for hit in SearchIndex(entries).find(text, most)]


def choose_question(questions: Questions, name: str) -> Question:
    """Return the question of this name; raise UnknownName with close matches and an example of the first."""
    if name in questions or not (found := find_questions(questions, name, SUGGESTED)):
        return questions.find(name)
    example = found[0].fields.get("example", "")
    hint = f"{f'For example: {example}. ' if example else ''}List them: pag questions"
    raise UnknownName("question", name, [one.name for one in found], hint)
