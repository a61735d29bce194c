"""`python -m fullcredits`, the same as the command `fullcredits`."""

from fullcredits.cli import main

if __name__ == "__main__":
    main()
