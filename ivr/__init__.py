"""The conversation: lines, prompts, steps and flows."""
