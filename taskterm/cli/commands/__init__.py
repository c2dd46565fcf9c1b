"""One module per group of commands; each ends in a table COMMANDS, from which words are read and help is printed."""
