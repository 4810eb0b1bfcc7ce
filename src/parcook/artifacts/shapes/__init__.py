"""The shape of every artifact, a file per subject; `parcook.artifacts.models` lists them."""
