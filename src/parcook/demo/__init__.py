"""A demonstration: a believable year of a drinks assistant, sent through the real pipeline."""
