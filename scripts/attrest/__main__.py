"""``python -m attrest`` is the ``attrest`` command."""

from attrest.cli import main

if __name__ == "__main__":
    main()
