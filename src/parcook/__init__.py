"""parcook: analytics for recipe products, cooked ahead and finished to order."""
