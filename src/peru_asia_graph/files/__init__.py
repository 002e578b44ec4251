"""Writing files and folders: a reader never sees a partial file, and no file that pag did not write is lost."""
