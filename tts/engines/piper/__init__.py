"""Piper's voices, in a process of their own: the library is under the GPL, and this is the way to call it."""
