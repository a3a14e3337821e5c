"""G.711, the sound of the telephone network: u-law and A-law to 16-bit linear and back (ITU-T G.711)."""

import numpy as np
from numpy.typing import NDArray

_ULAW_BIAS = 132  # 33 in the standard's 14-bit scale
_ULAW_CLIP = 32635


def ulaw_to_pcm(coded: bytes) -> bytes:
    """16-bit little-endian samples, two bytes for each byte."""
    pcm: bytes = _ULAW_PCM[np.frombuffer(coded, np.uint8)].tobytes()
    return pcm


def alaw_to_pcm(coded: bytes) -> bytes:
    """16-bit little-endian samples, two bytes for each byte."""
    pcm: bytes = _ALAW_PCM[np.frombuffer(coded, np.uint8)].tobytes()
    return pcm


def pcm_to_ulaw(pcm: bytes) -> bytes:
    """One byte for each 16-bit little-endian sample."""
    coded: bytes = _PCM_ULAW[np.frombuffer(pcm, "<u2")].tobytes()
    return coded


def pcm_to_alaw(pcm: bytes) -> bytes:
    """One byte for each 16-bit little-endian sample."""
    coded: bytes = _PCM_ALAW[np.frombuffer(pcm, "<u2")].tobytes()
    return coded


def _ulaw_decoded() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.uint8)
    exponent = ((code >> 4) & 7).astype(np.int32)
    mantissa = (code & 15).astype(np.int32)
    size = (((mantissa << 3) + _ULAW_BIAS) << exponent) - _ULAW_BIAS
    return np.where(code & 0x80, -size, size).astype("<i2")


def _alaw_decoded() -> NDArray[np.int16]:
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent = ((code >> 4) & 7).astype(np.int32)
    mantissa = (code & 15).astype(np.int32)
    low = (mantissa << 4) + 8
    size = np.where(exponent == 0, low, (low + 256) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, size, -size).astype("<i2")


def _ulaw_encoded() -> NDArray[np.uint8]:
    sample = np.arange(65536, dtype=np.uint16).astype(np.int16).astype(np.int32)
    size = np.minimum(np.abs(sample), _ULAW_CLIP) + _ULAW_BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 15
    sign = np.where(sample < 0, 0x80, 0)
    coded: NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return coded


def _alaw_encoded() -> NDArray[np.uint8]:
    sample = np.arange(65536, dtype=np.uint16).astype(np.int16).astype(np.int32)
    size = np.where(sample < 0, -sample - 1, sample)
    exponent = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 7, 0)
    mantissa = (size >> np.maximum(exponent + 3, 4)) & 15
    sign = np.where(sample < 0, 0, 0x80)
    coded: NDArray[np.uint8] = ((sign | (exponent << 4) | mantissa) ^ 0x55).astype(np.uint8)
    return coded


_ULAW_PCM: NDArray[np.int16] = _ulaw_decoded()
_ALAW_PCM: NDArray[np.int16] = _alaw_decoded()
_PCM_ULAW: NDArray[np.uint8] = _ulaw_encoded()
_PCM_ALAW: NDArray[np.uint8] = _alaw_encoded()
