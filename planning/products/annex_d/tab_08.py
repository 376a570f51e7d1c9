"""Tab 8 to Annex D: USG Strategic Plan."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_08 = ProductDefinition(
    key="tab-08",
    label="Tab 8",
    title="USG Strategic Plan",
    layout=Layout.DOCUMENT,
    version=2,
    step=4,
    purpose="Lay down the plan of the whole Government: goal, lines of effort, tasks, resources.",
    cite="Annex D, Tab 8",
    alternates=(Layout.BRIEFING,),
    hasty=("plan-overview", "overarching-policy-goal", "tasks-for-agencies", "resource-strategy"),
    sections=(
        Section("plan-overview", "Plan Overview Template", required=True, hint_words=300),
        Section(
            "narrative",
            "Strategic Plan Narrative",
            hint_words=100,
            sources=("concept-decision", "option-dissents"),
            children=(
                Section("situation-analysis", "Situation Analysis", required=True, hint_words=300),
                Section(
                    "overarching-policy-goal",
                    "Overarching Policy Goal",
                    required=True,
                    hint_words=300,
                    sources=("policy-goal",),
                ),
                Section(
                    "strategic-objectives",
                    "Strategic Objectives",
                    required=True,
                    hint_words=300,
                    sources=("policy-objectives",),
                ),
                Section(
                    "planning-considerations",
                    "Critical planning considerations",
                    required=True,
                    hint_words=300,
                    sources=("considerations-heeded",),
                ),
                Section("loes", "LOEs", required=True, hint_words=300, sources=("policy-lines",)),
                Section(
                    "sequencing-and-linkages",
                    "Sequencing and Linkages",
                    required=True,
                    hint_words=300,
                    sources=("plan-phasing",),
                ),
                Section(
                    "tasks-for-agencies",
                    "Tasks for Agencies",
                    required=True,
                    hint_words=300,
                    sources=("tasks-of-plan",),
                ),
                Section(
                    "resource-strategy",
                    "Comprehensive Resource and Management Strategy",
                    required=True,
                    hint_words=300,
                    sources=("plan-resources",),
                ),
            ),
        ),
        Section("loe-concepts", "LOE Concepts", required=True, hint_words=300),
        Section(
            "decisions-in-washington",
            "Determination of what decisions remain in Washington",
            required=True,
            hint_words=300,
        ),
        Section(
            "technical-annexes",
            "Relevant Technical Annexes",
            hint_words=100,
            children=(
                Section("security", "Security", hint_words=300),
                Section("personnel", "Personnel", hint_words=300),
                Section("knowledge-management", "Knowledge Management", hint_words=300),
                Section("logistics", "Logistics", hint_words=300),
                Section(
                    "organizational-relationships", "Organizational Relationships", hint_words=300
                ),
                Section("other", "Other", hint_words=300),
            ),
        ),
    ),
)
