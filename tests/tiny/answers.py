"""Expected answers for the tiny source, worked out by hand from its tables; none was computed by the program."""

from __future__ import annotations

from typing import Final

# Rows per table, counted in the files.
ROWS: Final = {
    "entities": 16, "stakes": 9, "investments": 2, "phases": 3, "agreements": 1, "events": 2, "participations": 4,
    "tenures": 1, "relations": 8, "observations": 3, "findings": 1, "sources": 2, "citations": 6, "discrepancies": 1,
    "rejected": 1, "missing_notes": 1, "names": 2, "structure": 6, "schemes": 20, "concepts": 41, "identifiers": 3,
    "claims": 2, "translations": 3,
}  # fmt: skip

# Stated holders of Cerro Norte: owner, percent, basis, certainty.
HOLDERS: Final = {
    ("alfa", "30", "indirect", "stated"),
    ("beta", "50", "direct", "stated"),
    ("delta", "20", "direct", "stated"),
    ("delta", "50", "direct", "stated"),
    ("gamma", "30", "direct", "former"),
}

# Stakes in Cerro Norte by year, month or day, and whether they are held ("true") or may be held ("not known then").
# 2008: Beta starts in May 2009, Alfa (through Beta) in 2009 and Delta's second stake in 2012; Delta's first stake and
# Gamma's have only an end date. 2011: the year of that end, so both are still held. 2014: after the paper, which says
# nothing about it.
HELD: Final[dict[int | str, dict[str, str]]] = {
    2008: {"delta-in-cerro-norte": "not known then", "gamma-in-cerro-norte": "not known then"},
    2010: {
        "alfa-in-cerro-norte": "true",
        "beta-in-cerro-norte": "true",
        "delta-in-cerro-norte": "not known then",
        "gamma-in-cerro-norte": "not known then",
    },
    2011: {
        "alfa-in-cerro-norte": "true",
        "beta-in-cerro-norte": "true",
        "delta-in-cerro-norte": "true",
        "gamma-in-cerro-norte": "true",
    },
    2012: {"alfa-in-cerro-norte": "true", "beta-in-cerro-norte": "true", "delta-in-cerro-norte-from-2012": "true"},
    2014: {
        "alfa-in-cerro-norte": "not known then",
        "beta-in-cerro-norte": "not known then",
        "delta-in-cerro-norte-from-2012": "not known then",
    },
    # By month and day. Beta starts in May 2009, with no day stated, and Alfa in 2009, with no month stated; Delta and
    # Gamma hold until 2011, and Delta again from 2012, also with no month.
    "2009-04": {
        "alfa-in-cerro-norte": "not known then",
        "delta-in-cerro-norte": "not known then",
        "gamma-in-cerro-norte": "not known then",
    },
    "2009-05": {
        "alfa-in-cerro-norte": "not known then",
        "beta-in-cerro-norte": "true",
        "delta-in-cerro-norte": "not known then",
        "gamma-in-cerro-norte": "not known then",
    },
    "2009-05-14": {
        "alfa-in-cerro-norte": "not known then",
        "beta-in-cerro-norte": "not known then",
        "delta-in-cerro-norte": "not known then",
        "gamma-in-cerro-norte": "not known then",
    },
    "2011-12-31": {
        "alfa-in-cerro-norte": "true",
        "beta-in-cerro-norte": "true",
        "delta-in-cerro-norte": "not known then",
        "gamma-in-cerro-norte": "not known then",
    },
    "2012-06": {
        "alfa-in-cerro-norte": "true",
        "beta-in-cerro-norte": "true",
        "delta-in-cerro-norte-from-2012": "not known then",
    },
}

# Direct and indirect shares of Cerro Norte in 2012, in percent: Beta 50, Delta 50; Alfa owns 60 % of Beta, so
# 0.6 × 50 = 30, which the paper also states; Zeta owns 40 % of Beta, so 0.4 × 50 = 20. Block 1: Epsilon 100; Alfa's
# share of Epsilon is not stated.
EFFECTIVE: Final = {
    "cerro-norte": {"beta": 50, "delta": 50, "alfa": 30, "zeta": 20},
    "block-1": {"epsilon": 100, "alfa": None},
}

# Derived direct links: stakes that are not former and have no end, parties to an agreement in force, and so on.
LINKS: Final = {
    "holdsStakeIn": {
        ("alfa", "beta"), ("alfa", "cerro-norte"), ("alfa", "epsilon"), ("beta", "cerro-norte"),
        ("delta", "cerro-norte"), ("epsilon", "block-1"), ("zeta", "beta"),
    },
    "investsIn": {("beta", "cerro-norte"), ("delta", "cerro-norte"), ("epsilon", "block-1")},
    "hasDiplomaticRelationsWith": {("peru", "china"), ("china", "peru")},
    "signedWith": {("peru", "china"), ("china", "peru")},
    "homeState": {("alfa", "china"), ("beta", "china"), ("delta", "namibia"), ("epsilon", "peru")},
    "subsidiaryOf": {("beta", "alfa")},
}  # fmt: skip

# Earliest and latest day that each date can mean.
BOUNDS: Final = {
    "beta-in-cerro-norte": ("2009-05-01", None),
    "delta-in-cerro-norte": (None, "2011-12-31"),
    "cerro-norte-exploration": ("2005-01-01", "2008-12-31"),
    "cerro-norte-investment": ("2009-01-01", "2014-12-31"),
    "visit-2008": ("2008-11-19", "2008-11-21"),
    "exports-to-china-growth": ("2005-01-01", "2010-12-31"),
}

# Names of Namibia from the country list, by its code "NA", which careless parsers read as "not available".
NAMIBIA: Final = {"en": "Namibia", "es": "Namibia", "zh": "纳米比亚", "ja": "ナミビア", "ko": "나미비아"}
