"""The page in a real Chromium, on the golden artifacts, with its clock standing where theirs does."""
