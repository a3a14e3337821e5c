"""The end of a rehearsal on a screen: the verdict, the differences, the figures."""

from collections.abc import Sequence

from rich.console import Console

from rehearsal.result import Figures, NotPlayed, Played, Result


def show_result(console: Console, result: Result) -> None:
    """Print how one rehearsal came out."""
    match result:
        case NotPlayed(name=name, reason=reason):
            _print(console, f"? {name}: not played: {reason}", "yellow")
        case Played(name=name, same=True, figures=figures):
            _print(console, f"✓ {name}: as written ({figures_in_words(figures)})", "green")
        case Played(file=file, name=name, differences=differences, figures=figures):
            _print(console, f"✗ {name}: different ({figures_in_words(figures)})", "bold red")
            for one in differences:
                _print(console, f"    {file}:{one.line}: {one.what}", "red")


def show_sum(console: Console, results: Sequence[Result], seed: int) -> None:
    """Print the sum of several; the seed plays the same made-up numbers and cards again."""
    if len(results) > 1:
        same = sum(isinstance(result, Played) and result.same for result in results)
        not_played = sum(isinstance(result, NotPlayed) for result in results)
        different = len(results) - same - not_played
        _print(
            console, f"{same} as written, {different} different, {not_played} not played; --seed {seed}", ""
        )


def figures_in_words(figures: Figures) -> str:
    """What was measured, on one line."""
    told = [f"{figures.seconds:.1f} s"]
    if figures.first_sound_s is not None:
        told.append(f"first sound after {figures.first_sound_s * 1000:.0f} ms")
    if figures.lost is not None and figures.packets is not None:
        told.append(f"{figures.lost} of {figures.packets + figures.lost} packets lost")
    if figures.jitter_ms is not None:
        told.append(f"jitter {figures.jitter_ms:.1f} ms")
    if figures.dropouts:
        told.append(f"{figures.dropouts} dropout(s)")
    return ", ".join(told)


def _print(console: Console, text: str, style: str) -> None:
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
