"""The intermediate representation as reference pages: the contexts of the documentation's templates."""
