"""Tab 7 to Annex D: Options Decision Briefing."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_07 = ProductDefinition(
    key="tab-07",
    label="Tab 7",
    title="Options Decision Briefing",
    layout=Layout.BRIEFING,
    version=1,
    step=4,
    purpose="Obtain the decision on the concept that carries out the policy, with every dissent in view.",
    cite="Annex D, Tab 7",
    hasty=(
        "resources",
        "overall-concept-sketch",
        "advantages-and-disadvantages",
        "recommendations",
    ),
    after=("tab-06",),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section("situation-update", "Situation Update", required=True, hint_words=70),
        Section(
            "review-of-options",
            "Review of Options",
            hint_words=40,
            children=(
                Section("rationale", "Rationale", required=True, hint_words=70),
                Section("resources", "Resources", required=True, hint_words=70),
                Section(
                    "overall-concept-sketch", "Overall Concept/Sketch", required=True, hint_words=70
                ),
                Section("phasing", "Phasing", hint_words=70),
                Section("loes", "LOEs", required=True, hint_words=70),
                Section(
                    "major-tasks",
                    "Major Tasks for Organizations/Partners",
                    required=True,
                    hint_words=70,
                ),
            ),
        ),
        Section(
            "analysis-of-options",
            "Analysis of Options",
            hint_words=40,
            children=(
                Section(
                    "results-of-wargaming",
                    "Results of wargaming and analysis",
                    required=True,
                    hint_words=70,
                ),
                Section(
                    "advantages-and-disadvantages",
                    "Advantages and Disadvantages",
                    required=True,
                    hint_words=70,
                ),
            ),
        ),
        Section(
            "recommendations",
            "Recommendations",
            required=True,
            hint_words=70,
            sources=("dissents",),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
