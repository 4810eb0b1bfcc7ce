"""The artifacts about conversations: `definitions` lists them, the other files build them, one per subject."""
