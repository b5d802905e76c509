"""Starting the pages: the commands, the server, the sample town."""
