"""The gazetteer: canonical names, their variants, and the contexts in which a variant stays.

`load_gazetteer` reads `config/gazetteer/*.yml` and compiles it; the result is a value that the stages are given.
"""

from flows.gazetteer.compiled import Form, Gazetteer, Hit
from flows.gazetteer.load import Problem, load_gazetteer, read_entries

__all__ = ["Form", "Gazetteer", "Hit", "Problem", "load_gazetteer", "read_entries"]
