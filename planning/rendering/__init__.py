"""Renderers: a Document in, a file out. They know no tab and no model."""
