"""The catalogue of Annex D. A new product is one module here, its prompts, and a step that owes it."""

from collections.abc import Mapping

from planning.products.annex_d.tab_01 import TAB_01
from planning.products.definition import ProductDefinition

CATALOGUE: Mapping[str, ProductDefinition] = {d.key: d for d in (TAB_01,)}
