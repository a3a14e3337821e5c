"""How well scores tell fraud from the rest: AUC, average precision, precision among the first 100."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

TOP: Final = 100


@dataclass(frozen=True, slots=True)
class Quality:
    """`auc`: how likely a fraud scores above a good one. `ap`: the area below precision over recall.

    `p_at_100`: what share of the hundred highest scores is fraud. All from 0 to 1.
    """

    auc: float
    ap: float
    p_at_100: float


def quality(fraud: Sequence[bool], scores: Sequence[float]) -> Quality:
    """Of scores for transactions of which some, and not all, are fraud; equal scores count half."""
    truth, given = np.asarray(fraud, dtype=bool), np.asarray(scores, dtype=float)
    bad, good = int(truth.sum()), int((~truth).sum())
    if not bad or not good:
        raise ValueError("quality needs both fraud and good transactions")
    _, place, ties = np.unique(given, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    auc = (ranks[truth].sum() - bad * (bad + 1) / 2) / (bad * good)
    order = np.argsort(-given, kind="stable")
    hits = truth[order]
    found = np.cumsum(hits)
    last = np.append(given[order][1:] != given[order][:-1], True)  # of those that score the same
    precision = (found / np.arange(1, len(hits) + 1))[last]
    recall = found[last] / bad
    ap = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return Quality(float(auc), ap, float(hits[:TOP].mean()))
