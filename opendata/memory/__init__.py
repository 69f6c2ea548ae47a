"""The memory of disclosure over all releases of a workspace: what readers have stays known, whatever became of it.

Every written version of every dataset counts, withdrawn ones too. `recall` gives what the joint attack
(`anonymize.linked`) needs to judge a table together with all of them, `with_rests` adds what parts leave of wholes;
`resembling` tells what looks like a part and does not say so, `sealed` whether it still is all.
"""

from opendata.memory.own import known
from opendata.memory.recalling import Recalled, recall, sealed
from opendata.memory.releases import undisturbed
from opendata.memory.rests import resembling, with_rests
from opendata.memory.sources import INPUTS, recognised, source_files
from opendata.memory.subjects import Subject, subject
from opendata.memory.truth import TRUTH, write

__all__ = [
    "INPUTS",
    "TRUTH",
    "Recalled",
    "Subject",
    "known",
    "recall",
    "recognised",
    "resembling",
    "sealed",
    "source_files",
    "subject",
    "undisturbed",
    "with_rests",
    "write",
]
