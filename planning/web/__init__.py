"""The pages of planning: thin views over actions and selectors."""
