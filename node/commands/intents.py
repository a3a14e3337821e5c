"""`tellerline intents`: what callers may want in their own words; phrases, training, trying."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import click

from asr.intents.classifier import Guess
from asr.intents.model import save
from asr.intents.phrases import ELSEWHERE, read_phrases
from core import log
from core.errors import BadInput
from node.commands.with_settings import with_settings
from node.intents import classifier, embedder, languages, model_file, phrases_file, trained
from node.settings import HearingSettings, Settings

_MISTAKES: Final = 10


@click.group(
    epilog="\b\nExamples:\n  tellerline intents try 'i got a bill and want to pay it'\n"
    "  tellerline intents phrases en > intents/en.toml\n  tellerline intents train en"
)
def intents() -> None:
    """What callers want, told in their own words."""
    log.configure("warning", "console")


@intents.command(epilog="\b\nExample:\n  tellerline intents phrases es > intents/es.toml")
@click.argument("language", default="en")
@with_settings
def phrases(settings: Settings, language: str) -> None:
    """Print the phrases of LANGUAGE, to be edited in a file below `hearing.intents`."""
    click.echo(phrases_file(settings.hearing, language).read_text(encoding="utf-8"), nl=False)


@intents.command(epilog="\b\nExamples:\n  tellerline intents train\n  tellerline intents train en es")
@click.argument("chosen", nargs=-1, metavar="[LANGUAGE]...")
@with_settings
def train(settings: Settings, chosen: tuple[str, ...]) -> None:
    """Train models from the phrases; all languages when none is named. Needs the extra `hear`."""
    if not settings.hearing.intents:
        raise BadInput(
            "hearing.intents names no folder: set it to one that holds your phrases, such as intents/en.toml"
        )
    train_into(
        Path(settings.hearing.intents), settings.hearing, chosen or languages(settings.hearing), click.echo
    )


@intents.command(
    "try",
    epilog="\b\nExamples:\n  tellerline intents try 'i got a bill in the mail, can i settle it'\n"
    "  tellerline intents try --language es 'cuánto debo'",
)
@click.argument("text", nargs=-1, required=True)
@click.option("--language", default="en", show_default=True)
@with_settings
def try_(settings: Settings, text: tuple[str, ...], language: str) -> None:
    """Tell what TEXT is understood as, and how sure the line is."""
    found = classifier(settings.hearing, language, embedder(settings.hearing, language))
    if found is None:
        raise BadInput(f"no model knows {language!r}: train one with `tellerline intents train {language}`")
    said = " ".join(text)
    click.echo(_told(found.guess(said)))
    for intent, score in list(found.weighed(said).items())[:3]:
        click.echo(f"  {intent:<12} {score:+.2f}")


@intents.command(epilog="\b\nExample:\n  tellerline intents check")
@with_settings
def check(settings: Settings) -> None:
    """Read all phrases and models; ends with 1 when a model was not trained from its phrases."""
    stale = False
    for language in languages(settings.hearing):
        read = read_phrases(phrases_file(settings.hearing, language))
        model = trained(settings.hearing, language, embedder(settings.hearing, language))
        state = "no model" if model is None else "up to date" if model.digest == read.digest else "stale"
        stale |= state != "up to date"
        sums = f"{len(read.labelled)} phrases, {len(read.by_intent) - 1} intents"
        click.echo(f"{language}: {sums}, model {state}{' (with MiniLM)' if model and model.embedder else ''}")
    if stale:
        click.echo("Train anew with `tellerline intents train`.")
        raise click.exceptions.Exit(1)


def train_into(
    folder: Path, settings: HearingSettings, chosen: Sequence[str], tell: Callable[[str], object]
) -> None:
    """Train what is chosen, with MiniLM besides where it is here, and print each evaluation."""
    if find_spec("sklearn") is None:
        raise BadInput("training needs scikit-learn: pip install 'tellerline[hear]'")
    from asr.intents.train import train as fit  # noqa: PLC0415 - an extra, and slow to load

    folder.mkdir(parents=True, exist_ok=True)
    for language in chosen:
        read = read_phrases(phrases_file(settings, language))
        points = embedder(settings, language)
        for kind in (None, points) if points is not None else (None,):
            model, found = fit(read, kind)
            save(model, model_file(folder, language, kind))
            name = f"{language} with MiniLM" if kind else language
            tell(
                f"{name}: {found.phrases} phrases, told rightly when held "
                f"out {found.right:.1%}; taken {found.taken:.1%}, wrongly {found.wrong:.1%}; "
                f"threshold {model.threshold}"
            )
            for phrase, meant, told in found.mistakes[:_MISTAKES]:
                tell(f"  {phrase!r} is {meant}, was taken for {told}")


def _told(guess: Guess) -> str:
    return f"{guess.intent or ELSEWHERE}, {guess.sure:.0%} sure"
