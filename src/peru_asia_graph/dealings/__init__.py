"""Dealings of a state with others: who dealt with whom, when and by what, from the network of diplomacy."""
