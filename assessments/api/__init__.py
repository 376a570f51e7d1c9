"""The resources of the watch, in the API of planning."""
