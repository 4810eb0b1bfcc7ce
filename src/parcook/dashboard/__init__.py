"""The page: modules that draw artifacts, put together, served, published, told as tables; and the digest of a week."""
