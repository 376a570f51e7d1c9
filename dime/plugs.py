"""What the toolbox and policy options plug into planning."""

from __future__ import annotations

from functools import partial

from dime import catalogue, ready, rules, sources, weighed
from dime.registers import ALL
from planning import entries
from planning.ports import plug_in
from planning.registers import CATALOGUES, READY_MADE, RULES

entries.plug_in_all(ALL)
CATALOGUES[catalogue.NAME] = catalogue.Tools()
RULES |= {
    "situation": rules.reading,
    "measures": rules.one_option,
    "arguments": rules.one_option,
    "criteria": rules.weight,
}
for _key in ready.REGISTERS:
    READY_MADE[_key] = partial(ready.offered, _key)
for _source in (*sources.ALL, *weighed.SOURCES):
    plug_in(_source)
