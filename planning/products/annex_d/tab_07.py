"""Tab 7 to Annex D: Options Decision Briefing."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_07 = ProductDefinition(
    key="tab-07",
    label="Tab 7",
    title="Options Decision Briefing",
    layout=Layout.BRIEFING,
    version=2,
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
                Section(
                    "rationale",
                    "Rationale",
                    required=True,
                    hint_words=70,
                    sources=("concept-rationale",),
                ),
                Section(
                    "resources",
                    "Resources",
                    required=True,
                    hint_words=70,
                    sources=("concept-resources",),
                ),
                Section(
                    "overall-concept-sketch",
                    "Overall Concept/Sketch",
                    required=True,
                    hint_words=70,
                    sources=("concept-summary",),
                ),
                Section("phasing", "Phasing", hint_words=70, sources=("concept-phasing",)),
                Section(
                    "loes", "LOEs", required=True, hint_words=70, sources=("lines-of-concepts",)
                ),
                Section(
                    "major-tasks",
                    "Major Tasks for Organizations/Partners",
                    required=True,
                    hint_words=70,
                    sources=("tasks-of-concepts",),
                ),
            ),
        ),
        Section(
            "analysis-of-options",
            "Analysis of Options",
            hint_words=40,
            sources=(
                "concept-tests",
                "concept-comparison",
                "concept-by-agency",
                "concept-sensitivity",
                "concept-picture",
            ),
            children=(
                Section(
                    "results-of-wargaming",
                    "Results of wargaming and analysis",
                    required=True,
                    hint_words=70,
                    sources=("concept-wargame",),
                ),
                Section(
                    "advantages-and-disadvantages",
                    "Advantages and Disadvantages",
                    required=True,
                    hint_words=70,
                    sources=("concept-advantages", "concept-risk-table"),
                ),
            ),
        ),
        Section(
            "recommendations",
            "Recommendations",
            required=True,
            hint_words=70,
            sources=("concept-decision", "concept-positions", "concept-overrulings", "dissents"),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
