"""The whole site as files of a folder, for any web host and for opening without one."""
