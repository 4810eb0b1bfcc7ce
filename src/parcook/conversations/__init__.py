"""What people say: from a reported message to a stored event."""
