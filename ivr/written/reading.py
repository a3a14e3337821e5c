"""A written flow's YAML -> the flow, or all of its mistakes at once, each with its line."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel, ValidationError

from core.near import did_you_mean
from dialplan.mistakes import Mistake, Mistakes
from dialplan.read import line_of, without
from dialplan.reasons import reason_of
from dialplan.tree import Key, Read, Tree, parse
from ivr.written.check import check
from ivr.written.draft import Draft, Known, Wrong
from ivr.written.flow import VERBS, AnyStep, Head, Written
from ivr.written.says import prompts_of

LARGEST_BYTES: Final = 48 * 1024
_MOST_STEPS: Final = 200
_STEPS: Final = "steps"
_HEAD: Final = ("about", "languages", "hours", _STEPS)


def read_flow(name: str, text: str, known: Known) -> Written:
    """Read and check a flow. Raises Mistakes with every mistake, its line and what to do."""
    found = parse(text, {})
    if not isinstance(found.tree, dict):
        raise Mistakes(_no_tree(name, text, found))
    wrong: list[Wrong] = [(key, reason) for _, key, reason in found.wrong]
    draft = _draft(name, found.tree, found, known, wrong)
    wrong += check(draft, known)
    if wrong:
        lines = {key: line for line, key, _ in found.wrong}
        raise Mistakes(
            Mistake(f"{name}.yaml", lines.get(key) or line_of(found.lines, key), ".".join(key), reason)
            for key, reason in wrong
        )
    prompts = {
        prompt: wanted
        for step in draft.steps.values()
        for prompt, wanted in prompts_of(step, known.texts).items()
    }
    return Written(name, draft.head, draft.languages, draft.steps, prompts)


def _no_tree(name: str, text: str, found: Read) -> Iterator[Mistake]:
    for line, _, reason in found.wrong:
        hint = "; a text with { } in it stands in quotes" if "{" in _line(text, line) else ""
        yield Mistake(f"{name}.yaml", line, "", reason + hint)
    if not found.wrong:
        yield Mistake(f"{name}.yaml", 0, "", "is no flow: begin with `about:` and `steps:`")


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _draft(name: str, tree: Mapping[str, Tree], found: Read, known: Known, wrong: list[Wrong]) -> Draft:
    """As much as can be read; what cannot is noted."""
    written = tree.get(_STEPS)
    bodies = written if isinstance(written, dict) else {}
    if not bodies:
        wrong.append(((_STEPS,), "must hold the steps of the flow, each with its name"))
    if len(bodies) > _MOST_STEPS:
        wrong.append(((_STEPS,), f"are {len(bodies)}, and {_MOST_STEPS} at most can be kept in mind"))
    steps = {}
    for step, body in bodies.items():
        read = _step((_STEPS, step), body, found, wrong)
        if read is not None:
            steps[step] = read
    head = _head({key: value for key, value in tree.items() if key != _STEPS}, found, wrong)
    return Draft(name, head, head.languages or known.languages, steps, tuple(bodies), whole=not wrong)


def _head(tree: Mapping[str, Tree], found: Read, wrong: list[Wrong]) -> Head:
    try:
        return Head.model_validate(tree)
    except ValidationError as problem:
        for key, reason in _reasons(problem, (), found, Head):
            unknown = len(key) == 1 and reason.startswith("there is no such key")
            hint = did_you_mean(key[0], _HEAD) if unknown else ""
            wrong.append((key, f"there is no such key{hint}" if unknown else reason))
    languages = tree.get("languages")
    spoken = tuple(map(str, languages)) if isinstance(languages, list) and languages else None
    return Head.model_construct(about="", languages=spoken, hours=_names(tree.get("hours")))


def _step(key: Key, body: Tree, found: Read, wrong: list[Wrong]) -> AnyStep | None:
    if not isinstance(body, dict):
        wrong.append((key, f"must be a step: one of {', '.join(VERBS)}, with what belongs to it"))
        return None
    verbs = [name for name in body if name in VERBS]
    if len(verbs) != 1:
        wrong.append((key, _which_verb(list(body), verbs)))
        return None
    model = VERBS[verbs[0]]
    try:
        return model.model_validate(body)
    except ValidationError as problem:
        reasons = list(_reasons(problem, key, found, model))
    wrong += reasons
    rest: Tree = body
    for at, _ in reasons:
        rest = without(rest, at[len(key) :])
    try:
        return model.model_validate(rest)
    except ValidationError:
        return None


def _which_verb(keys: list[str], verbs: list[str]) -> str:
    if len(verbs) > 1:
        return f"{verbs[0]} and {verbs[1]} are two steps: give each its own name"
    near = next((hint for key in keys if "did you mean" in (hint := did_you_mean(key, VERBS))), "")
    return f"has no verb{near or '; it is one of ' + ', '.join(VERBS)}"


def _reasons(problem: ValidationError, at: Key, found: Read, root: type[BaseModel]) -> Iterator[Wrong]:
    raw = {key[len(at) :]: text for key, text in found.raw.items() if key[: len(at)] == at}
    for error in problem.errors(include_url=False, include_input=False):
        key, reason = reason_of(error, raw, root)
        yield (*at, *key), reason


def _names(tree: Tree) -> dict[str, None]:
    """The hours of a head that could not be read, by their names alone."""
    return dict.fromkeys(tree) if isinstance(tree, dict) else {}
