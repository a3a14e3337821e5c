"""The texts of a step: which languages they have, and which values they speak of."""

import string
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from core.near import did_you_mean
from ivr.texts import CONSTANTS, Texts
from ivr.written.anatomy import Key, says
from ivr.written.cases import Kind
from ivr.written.draft import Wrong
from ivr.written.flow import AnyStep
from ivr.written.words import ANY, Says


def prompt_of(said: Says, texts: Texts) -> str:
    """The line's prompt that is meant; empty where the words are the flow's own."""
    return said[ANY] if said.get(ANY) in texts.names else ""


def prompts_of(step: AnyStep, texts: Texts) -> Mapping[str, frozenset[str]]:
    """The line's prompts that a step says, each with the values that it wants."""
    named = (prompt_of(said, texts) for _, said in says(step))
    return {prompt: texts.placeholders(prompt) for prompt in named if prompt}


def words_of(said: Says, languages: Collection[str]) -> Mapping[str, str]:
    """The flow's own words by language: a text alone is that of its one language."""
    return dict.fromkeys(languages, said[ANY]) if ANY in said else said


def placeholders_of(step: AnyStep, texts: Texts) -> frozenset[str]:
    """The values that a step speaks of; of a text with wrong braces none."""
    found = frozenset(CONSTANTS)
    for _, said in says(step):
        prompt = prompt_of(said, texts)
        found |= texts.placeholders(prompt) if prompt else frozenset()
        for text in () if prompt else said.values():
            with suppress(ValueError):
                found |= _named(text)
    return found - CONSTANTS


def mistakes_in_says(
    step: AnyStep, languages: Collection[str], texts: Texts, kinds: Mapping[str, Kind]
) -> Iterator[Wrong]:
    """A language that is missing or too much, a prompt that there is not, a value that nobody asks for."""
    for key, said in says(step):
        prompt = prompt_of(said, texts)
        if prompt:
            yield from ((key, why) for why in _unfilled(texts.placeholders(prompt), kinds))
        elif ANY in said and (len(languages) > 1 or _looks_like_a_name(said[ANY])):
            yield key, _no_prompt(said[ANY], languages, texts)
        else:
            yield from _in_words(key, words_of(said, languages), languages, kinds)


def _in_words(
    key: Key, words: Mapping[str, str], languages: Collection[str], kinds: Mapping[str, Kind]
) -> Iterator[Wrong]:
    for language in languages:
        if language not in words:
            yield key, f"has no text in {language}: add one, or name the flow's `languages`"
    for language, text in words.items():
        at = (*key, language)
        if language not in languages:
            yield at, f"the flow does not speak {language}: leave it out, or add it to `languages`"
        try:
            named = _named(text)
        except ValueError as broken:
            yield at, f"{broken}: a value stands in braces by its name alone, such as {{amount}}"
            continue
        yield from ((at, why) for why in _unfilled(named - CONSTANTS, kinds))


def _unfilled(named: frozenset[str], kinds: Mapping[str, Kind]) -> Iterator[str]:
    for name in sorted(named):
        if name not in kinds:
            hint = did_you_mean(name, kinds) or ": ask for it first, with `as`"
            yield f"no step asks for {{{name}}}{hint}"
        elif kinds[name] is Kind.YES_NO:
            yield f"{{{name}}} is a yes or a no, which cannot be said: branch on it"


def _no_prompt(name: str, languages: Collection[str], texts: Texts) -> str:
    if _looks_like_a_name(name):
        return f"no prompt is called {name}{did_you_mean(name, texts.names)}"
    pairs = ", ".join(f"{language}: ..." for language in languages)
    return f"must be the name of a prompt, or a text in each language: {{{pairs}}}"


def _looks_like_a_name(text: str) -> bool:
    return text.replace("_", "").isalnum() and text.islower() and "_" in text


def _named(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that do not match, and for more than a name."""
    found = set[str]()
    for _, name, form, turned in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or form or turned:
            raise ValueError(f"{{{name}}} is no name")
        found.add(name)
    return frozenset(found)
