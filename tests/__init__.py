"""Tests. A package, since some libraries install one of this name, which would win over a bare folder."""
