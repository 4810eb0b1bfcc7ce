"""Facts by hour and by day: the lake, its tables, and what is computed from it as days close."""
