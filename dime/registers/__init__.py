"""The registers of policy formulation, in the order in which a team fills them.

Each declares its fields and what sections show of it. No ORM here.
"""

from dime.registers.arguments import ARGUMENTS
from dime.registers.checks import CHECKS
from dime.registers.criteria import CRITERIA
from dime.registers.measures import MEASURES
from dime.registers.options import OPTIONS
from dime.registers.risks import RISKS
from dime.registers.situation import SITUATION
from planning.registers import Register, plug_in

ALL: tuple[Register, ...] = (
    SITUATION, OPTIONS, MEASURES, RISKS, CHECKS, CRITERIA, ARGUMENTS,
)  # fmt: skip

for _register in ALL:
    plug_in(_register)
