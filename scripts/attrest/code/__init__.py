"""The intermediate representation as Python: types, names, imports and the contexts of the code's templates."""
