"""A rehearsal's YAML file -> Script, or all of its mistakes at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from core.near import did_you_mean
from rehearsal.fields import Fields
from rehearsal.mistakes import BadScript, Mistake
from rehearsal.script import Dtmf, Expected, HangUp, Phrase, Press, RowsExpected, Script, Step
from rehearsal.verbs import BARE, VERBS, Surroundings

LONGEST_S = 3600.0


def read_script(file: Path, prompts: Collection[str] = (), today: datetime | None = None) -> Script:
    """Read a file; prompt names are checked where `prompts` are given. Raises BadScript with all mistakes."""
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadScript(file, [Mistake(1, f"the file cannot be read: {problem}")]) from problem
    return parse_script(text, file, prompts, today)


def parse_script(
    text: str, file: Path, prompts: Collection[str] = (), today: datetime | None = None
) -> Script:
    """Like read_script, from a text; recordings are looked for beside `file`."""
    mistakes: list[Mistake] = []
    script = _Reader(file, prompts, today or datetime.now(UTC)).script(_document(text, file), mistakes)
    if mistakes:
        raise BadScript(file, mistakes)
    return script


def _document(text: str, file: Path) -> CommentedMap:
    try:
        document = YAML(typ="rt").load(text)
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise BadScript(file, [Mistake(line, f"this is not YAML: {problem.problem}")]) from problem
    if not isinstance(document, CommentedMap):
        raise BadScript(file, [Mistake(1, "a rehearsal is a mapping with `dial` and `steps`")])
    return document


@dataclass(frozen=True, slots=True)
class _Reader:
    file: Path
    prompts: Collection[str]
    today: datetime

    def script(self, document: CommentedMap, mistakes: list[Mistake]) -> Script:
        top = Fields(document, mistakes)
        top.require("dial", "steps")
        caller, caller_name = _caller(top)
        script = Script(
            file=self.file,
            name=top.text("name", self.file.stem),
            dial=top.text("dial"),
            dial_line=top.line_of("dial"),
            caller=caller,
            caller_name=caller_name,
            dtmf=Dtmf(top.choice("dtmf", [mode.value for mode in Dtmf], Dtmf.RFC4733.value)),
            max_s=_longest(top),
            steps=self._steps(top),
            expected=self._expected(top),
        )
        _check_keys(script, mistakes)
        top.finish()
        return script

    def _steps(self, top: Fields) -> tuple[Step, ...]:
        steps: list[Step] = []
        for line, item in top.items("steps"):
            if steps and isinstance(steps[-1].action, HangUp):
                top.mistakes.append(Mistake(line, "nothing can be done after `hang_up`"))
            if isinstance(item, str) and item in BARE:
                item = CommentedMap({item: None})  # noqa: PLW2901 - `- hang_up` is short for `- hang_up:`
                item.lc.line, item.lc.data = line - 1, {next(iter(item)): [line - 1, 0, line - 1, 0]}
            if not isinstance(item, CommentedMap):
                top.mistakes.append(
                    Mistake(line, f"`{item}` is not a step{did_you_mean(str(item).split(':')[0], VERBS)}")
                )
                continue
            steps += self._step(line, Fields(item, top.mistakes), [str(key) for key in item])
        return tuple(steps)

    def _step(self, line: int, fields: Fields, keys: list[str]) -> list[Step]:
        verbs = [key for key in keys if key in VERBS]
        if not verbs:
            fields.wrong(keys[0], f"`{keys[0]}` is not a step{did_you_mean(keys[0], VERBS)}")
            return []
        if len(verbs) > 1:
            fields.wrong(verbs[1], f"`{verbs[0]}` and `{verbs[1]}` are two steps: give each its own dash")
            return []
        action = VERBS[verbs[0]](fields, Surroundings(self.file.parent, self.prompts, self.today))
        fields.finish()
        return [Step(line, action)] if action is not None else []

    def _expected(self, top: Fields) -> Expected:
        fields = top.fields("expect")
        if fields is None:
            return Expected()
        expected = Expected(
            line=top.line_of("expect"),
            outcome=fields.text("outcome") or None,
            said=self._phrases(fields, "said"),
            not_said=self._phrases(fields, "not_said"),
            first_sound_s=fields.duration_s("first_sound", 0.0) or None,
            rows=_rows(fields),
        )
        fields.finish()
        return expected

    def _phrases(self, fields: Fields, key: str) -> tuple[Phrase, ...]:
        phrases = tuple(Phrase(text) for text in fields.texts(key))
        for phrase in phrases:
            if self.prompts and phrase.is_name and phrase.text not in self.prompts:
                fields.wrong(key, f"no prompt is called `{phrase}`{did_you_mean(phrase.text, self.prompts)}")
        return phrases


def _check_keys(script: Script, mistakes: list[Mistake]) -> None:
    if script.dtmf is Dtmf.INFO:
        mistakes += [
            Mistake(step.line, "`press`: A-D cannot be sent as SIP INFO by this telephone")
            for step in script.steps
            if isinstance(step.action, Press) and set("ABCD") & set(step.action.keys)
        ]


def _caller(top: Fields) -> tuple[str, str]:
    if not top.has("from") or not isinstance(top.raw("from"), CommentedMap):
        return top.text("from"), ""
    fields = top.fields("from")
    assert fields is not None  # noqa: S101 - it is a mapping
    number, name = fields.text("number"), fields.text("name")
    fields.finish()
    return number, name


def _longest(top: Fields) -> float:
    longest = top.duration_s("max", 120.0)
    if not 0 < longest <= LONGEST_S:
        top.wrong("max", f"`max`: a rehearsal may last at most {LONGEST_S:.0f}s")
    return longest


def _rows(expect: Fields) -> tuple[RowsExpected, ...]:
    found = []
    for line, item in expect.items("rows"):
        if not isinstance(item, CommentedMap):
            expect.mistakes.append(Mistake(line, "a row is a mapping with `table`, `where` and `columns`"))
            continue
        fields = Fields(item, expect.mistakes)
        fields.require("table")
        table, where, columns = fields.text("table"), fields.values("where"), fields.values("columns")
        found.append(RowsExpected(line, table, where, columns, fields.whole_number("count", 1)))
        fields.finish()
    return tuple(found)
