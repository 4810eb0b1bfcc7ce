"""Answers cooked ahead: each artifact is one named, versioned JSON document in object storage."""
