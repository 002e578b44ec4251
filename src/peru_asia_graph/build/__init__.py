"""The build pipeline: tables to graph to exports."""
