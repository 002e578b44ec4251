"""The whole site as files in a folder, for any web host or for opening from disk."""
