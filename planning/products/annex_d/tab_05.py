"""Tab 5 to Annex D: Policy Statement. Its Enclosure I is a sample, not another format."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_05 = ProductDefinition(
    key="tab-05",
    label="Tab 5",
    title="Policy Statement",
    layout=Layout.STATEMENT,
    version=2,
    step=3,
    purpose="State the decided policy so that each agency can plan from it.",
    cite="Annex D, Tab 5",
    hasty=("policy-goal", "strategic-objectives", "lines-of-effort"),
    sections=(
        Section("general", "General", required=True, hint_words=120),
        Section(
            "policy-goal",
            "Policy Goal",
            required=True,
            hint_words=120,
            sources=("policy-goal",),
        ),
        Section(
            "strategic-objectives",
            "Strategic Objectives",
            required=True,
            hint_words=120,
            sources=("policy-objectives",),
        ),
        Section(
            "lines-of-effort",
            "Lines of Effort",
            required=True,
            hint_words=120,
            sources=("policy-lines",),
        ),
        Section(
            "planning-considerations",
            "Critical Planning Considerations",
            hint_words=40,
            sources=("considerations-heeded", "option-dissents"),
            children=(
                Section(
                    "conditions-in-country",
                    "Conditions within the country",
                    required=True,
                    hint_words=120,
                    sources=("situation-reading",),
                ),
                Section(
                    "behavior-of-other-actors",
                    "Behavior of other regional and international actors",
                    required=True,
                    hint_words=120,
                ),
                Section(
                    "resources",
                    "USG and other resources",
                    required=True,
                    hint_words=120,
                    sources=("policy-resources",),
                ),
                Section(
                    "strategic-communication",
                    "Strategic Communication",
                    hint_words=120,
                    sources=("message-highlights",),
                ),
            ),
        ),
    ),
)
