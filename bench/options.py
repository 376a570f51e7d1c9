"""The pages of Step 3 for ``bench.pages``: six options of ten measures, scored by five agencies."""

from __future__ import annotations

SETUP = """
import json
from dime.actions.comparison import give_scores, settle_weights
from dime.models import Tool
from dime.vocabulary import Level
from mapro.core.models import User
from planning import actions, scenario
from planning.models import Entry
from planning.registers import REGISTERS
script = scenario.load("country_x")
cast = scenario.people(script, None)
effort = scenario.stage(script, cast)
by = cast["member"]
def add(register, **values):
    return actions.add_entry(effort=effort, register=REGISTERS[register], by=by, values=values)
for n in range(20):
    add("actors", name=f"Armed group number {n}")
for variable, value in (("host_nation_role", "adversary"), ("us_position", "medium"),
        ("international_support", "medium"), ("volatility", "urgent")):
    add("situation", why="As reports say.", variable=variable, value=value)
words = "Planning words of ordinary length stand here. " * 8
tools = [tool.key for tool in Tool.objects.all()]
for n in range(6):
    made = add("options", name=f"Option {n}", approach="mixed", level="policy", summary=words,
        us_role="support_other_actors", main_risk=words)
    for m in range(10):
        add("measures", name=f"Measure {n}.{m}", option=[str(made)], tool=tools[(n * 17 + m * 9) % 104],
            targets=[f"ACT-{m + 1}"], stages=["stage_1b"], lead="State", purposes=["protect_victims"])
    for kind in ("advantage", "disadvantage", "position"):
        add("arguments", text=words, kind=kind, option=[str(made)], agency="State")
    for kind in ("too_slow", "losses"):
        add("policy-risks", risk=words, kind=kind, options=[str(made)], likelihood="3",
            consequence="4", mitigation=words, residual_likelihood="2", residual_consequence="4")
for n, weight in enumerate((30, 25, 20, 15, 10)):
    add("criteria", name=f"Criterion {n}", level="policy", weight=weight)
settle_weights(effort=effort, level=Level.POLICY, by=by)
options = list(effort.entries.filter(register="options").values_list("number", flat=True))
for place, who in enumerate(("lead", "member", "usaid", "country-team", "africom")):
    give_scores(effort=effort, level=Level.POLICY, by=cast[who], values={
        (option, n + 1): 1 + (option * 3 + n * 7 + place) % 5 for option in options
        for n in range(5)})
print(json.dumps({"formulated": effort.slug}))
"""


def pages(slug: str) -> dict[str, str]:
    """The pages to be timed, by what the table calls them."""
    effort = f"/efforts/{slug}/"
    return {
        "toolbox, 104 tools": "/toolbox/",
        "toolbox, shaded for an effort": f"{effort}toolbox/",
        "options, 7 of them (goal 6, 10 q)": f"{effort}options/",
        "package of 10 measures (6, 10 q)": f"{effort}options/1/package/",
        "comparison, 7 x 5 x 5 (6, 10 q)": f"{effort}comparison/policy/",
        "risks of options (6, 10 q)": f"{effort}risks/",
    }
