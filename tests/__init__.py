"""Tests. This file is here because some libraries install a package of the same name, which would else win."""
