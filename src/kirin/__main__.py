"""``python -m kirin``: the same as the ``kirin`` command."""

from kirin.cli import main

if __name__ == "__main__":
    main()
