"""The API of planning: the same actions, policies and reads as the pages, as JSON."""
