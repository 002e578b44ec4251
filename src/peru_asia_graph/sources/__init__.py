"""Reads the tables of each source and checks them."""
