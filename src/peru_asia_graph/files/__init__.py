"""Writing files and folders so that nothing of anybody else's is lost and no reader meets half a file."""
