"""The catalogue: Annex D's tabs and enclosures, and Annex E's agenda, minutes and newsletter.

A new product is one module here, its prompts, and a step that owes it. Titles, order and nesting
are the Handbook's; its asides in brackets went into the prompts.
"""

from collections.abc import Mapping

from planning.products.annex_d.annex_e import AGENDA, MINUTES, NEWSLETTER
from planning.products.annex_d.tab_01 import TAB_01
from planning.products.annex_d.tab_02 import TAB_02, TAB_02_ENCLOSURE_1
from planning.products.annex_d.tab_03 import TAB_03
from planning.products.annex_d.tab_04 import TAB_04, TAB_04_ENCLOSURE_1
from planning.products.annex_d.tab_05 import TAB_05
from planning.products.annex_d.tab_06 import TAB_06
from planning.products.annex_d.tab_07 import TAB_07
from planning.products.annex_d.tab_08 import TAB_08
from planning.products.annex_d.tab_09 import TAB_09
from planning.products.annex_d.tab_10 import TAB_10
from planning.products.definition import ProductDefinition

CATALOGUE: Mapping[str, ProductDefinition] = {
    d.key: d
    for d in (
        TAB_01, TAB_02, TAB_02_ENCLOSURE_1, TAB_03, TAB_04, TAB_04_ENCLOSURE_1, TAB_05, TAB_06,
        TAB_07, TAB_08, TAB_09, TAB_10, AGENDA, MINUTES, NEWSLETTER,
    )
}  # fmt: skip
