"""Writing files and folders: a reader never sees a partial file, and no file of others is lost."""
