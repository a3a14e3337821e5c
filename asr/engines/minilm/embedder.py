"""all-MiniLM-L6-v2 in the ONNX layout: a folder with `tokenizer.json` and one `.onnx` file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from tokenizers import Tokenizer

from asr.intents.embedder import Points
from core.errors import BadInput

_LONGEST: Final = 64  # tokens; nobody says more in one go
_AT_ONCE: Final = 32
_BY_TOKEN: Final = 3  # dimensions of an output that gives each token's point; others give the sentence's


class MiniLm:
    """One model on one thread. Raises BadInput for a folder that holds no such model."""

    name = "all-MiniLM-L6-v2"

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._tokenizer.enable_truncation(_LONGEST)
            self._tokenizer.enable_padding()
            (file,) = folder.glob("*.onnx")
            self._session = onnxruntime.InferenceSession(str(file), options)
            self.embed(["a warm-up"])
        except Exception as error:  # neither library's errors have a root
            raise BadInput(f"{folder} holds no MiniLM model: {error}") from error

    def embed(self, texts: Sequence[str]) -> Points:
        """A row of length 1 a text: the mean of its tokens."""
        rows = [self._some(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
        return np.concatenate(rows)

    def _some(self, texts: Sequence[str]) -> Points:
        coded = self._tokenizer.encode_batch(list(texts))
        mask = np.array([one.attention_mask for one in coded], np.int64)
        given = {"input_ids": np.array([one.ids for one in coded], np.int64), "attention_mask": mask}
        if any(one.name == "token_type_ids" for one in self._session.get_inputs()):
            given["token_type_ids"] = np.zeros_like(mask)
        found = self._session.run(None, given)[0]
        if found.ndim == _BY_TOKEN:
            seen = mask[..., None].astype(np.float32)
            found = (found * seen).sum(1) / seen.sum(1)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)
