"""`python -m parcook.cli`: the command line where no `parcook` script is at hand."""

from parcook.cli.front import main

main()
