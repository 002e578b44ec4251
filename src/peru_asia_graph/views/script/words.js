/* The words of a search on a page, as the search of the site takes them: cut at other signs, without accents and a last s,
   alike words as one (SEARCH_WORDS, from words/search.json). */
const wordsOf = (text) => foldAccents(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const stemOf = (word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word);
const likened = (word) => own(SEARCH_WORDS.alike, stemOf(word)) ?? stemOf(word);
const likenedAll = (text) => new Set(wordsOf(text).map(likened));

/* The words wanted: those ignored only where no other is left. */
function wantedWords(text) {
  const words = wordsOf(text), content = words.filter((word) => !SEARCH_WORDS.ignored.includes(stemOf(word)));
  return content.length ? content : words;
}

/* Whether each word is part of a text or, as a word, among the words of it or of what is known besides. */
const hasWords = (wanted, folded, known) => wanted.every((word) => folded.includes(word) || known.has(likened(word)));

/* What is known of a thing besides its names: its kind and trades in all languages, its states, the years of its dates. */
function knownWords({ type, event, sector, country: home, date, until, id }) {
  const codes = [type, event, ...(sector ?? [])].filter(Boolean), states = [home, id].flat().filter((slug) => own(DATA.countries, slug));
  const labels = codes.flatMap((code) => [humanize(code), own(SEARCH_WORDS.kinds, code) ?? "", ...Object.values(DATA.glossary ?? {}).map((terms) => own(terms, code) ?? "")]);
  const lands = states.flatMap((slug) => Object.keys(DATA.words).map((lang) => own(DATA.countries, slug)[lang] ?? ""));
  return likenedAll([...labels, ...lands, ...(`${date ?? ""} ${until ?? ""}`.match(/\d{4}/g) ?? [])].join(" "));
}
