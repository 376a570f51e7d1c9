"""The products of Annex D: definitions, prompts, rich text and the neutral Document."""
