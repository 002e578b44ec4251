"""Dealings of a state with others: with whom, when and how, from the diplomacy network."""
