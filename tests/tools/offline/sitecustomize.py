"""For a program that asks org-id.guide for its list of schemes: the one that our exports use, without the network."""

import requests


class _Answer:
    def json(self) -> dict[str, list[dict[str, str]]]:
        """Return the list as org-id.guide has it."""
        return {"lists": [{"code": "XI-LEI"}]}


requests.get = lambda *_args, **_options: _Answer()  # type: ignore[assignment,return-value]
