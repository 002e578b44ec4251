"""Tables to graph to exports, stage by stage."""
