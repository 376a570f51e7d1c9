"""Step 0, the watch, and Step 2, the situation analysis: what plans rest on."""
