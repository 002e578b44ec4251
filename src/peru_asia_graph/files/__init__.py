"""Writing files and folders: a reader never sees a partial file, and nothing is lost that was not written here."""
