"""The registers of the situation analysis, in the order in which a team fills them.

Each declares its fields and what sections show of it. No ORM here.
"""

from assessments.registers.actors import ACTORS, RELATIONS
from assessments.registers.assumptions import ASSUMPTIONS
from assessments.registers.dynamics import DYNAMICS, FINDINGS
from assessments.registers.gaps import GAPS
from assessments.registers.interests import INTERESTS
from assessments.registers.legal import LEGAL
from assessments.registers.messages import MESSAGES
from assessments.registers.programs import OTHERS, PROGRAMS
from assessments.registers.requirements import REQUIREMENTS
from assessments.registers.sources import SOURCES
from planning.registers import Register, plug_in

ALL: tuple[Register, ...] = (
    SOURCES, ACTORS, RELATIONS, DYNAMICS, FINDINGS, INTERESTS, PROGRAMS, OTHERS, GAPS, ASSUMPTIONS,
    REQUIREMENTS, LEGAL, MESSAGES,
)  # fmt: skip

for _register in ALL:
    plug_in(_register)
