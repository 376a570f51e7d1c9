"""Tab 6 to Annex D: Options Approval Briefing."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_06 = ProductDefinition(
    key="tab-06",
    label="Tab 6",
    title="Options Approval Briefing",
    layout=Layout.BRIEFING,
    version=2,
    step=4,
    purpose="Settle with senior leaders which options are worth full analysis.",
    cite="Annex D, Tab 6",
    hasty=("rationale", "organization-resources", "overall-concept-sketch"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section("situation-update", "Situation Update", required=True, hint_words=70),
        Section(
            "review",
            "Review",
            hint_words=40,
            children=(
                Section(
                    "policy-objectives",
                    "Policy Objectives",
                    required=True,
                    hint_words=70,
                    sources=("policy-goal", "policy-objectives"),
                ),
                Section(
                    "assumptions",
                    "Assumptions",
                    required=True,
                    hint_words=70,
                    sources=("assumptions-of-concepts",),
                ),
                Section(
                    "previous-guidance",
                    "Previous Guidance",
                    hint_words=70,
                    sources=("previous-guidance",),
                ),
                Section("timeline", "Timeline", hint_words=70),
            ),
        ),
        Section(
            "options",
            "Options",
            hint_words=40,
            sources=("concepts-at-a-glance", "concept-tests", "option-dissents"),
            children=(
                Section(
                    "rationale",
                    "Rationale",
                    required=True,
                    hint_words=70,
                    sources=("concept-rationale",),
                ),
                Section(
                    "organization-resources",
                    "Organization/Resources",
                    required=True,
                    hint_words=70,
                    sources=("concept-organization",),
                ),
                Section(
                    "overall-concept-sketch",
                    "Overall Concept/Sketch",
                    required=True,
                    hint_words=70,
                    sources=("concept-summary",),
                ),
                Section(
                    "phasing",
                    "Phasing",
                    hint_words=40,
                    sources=("concept-phasing",),
                    children=(
                        Section("phase-concept", "Phase Concept", hint_words=70),
                        Section("phase-objectives", "Phase Objectives", hint_words=70),
                        Section(
                            "phase-lines-of-effort",
                            "Phase Lines of Effort",
                            hint_words=70,
                            sources=("lines-by-phase",),
                        ),
                        Section(
                            "phase-tasks",
                            "Phase Major Organizational Tasks",
                            hint_words=70,
                            sources=("tasks-by-phase",),
                        ),
                    ),
                ),
                Section(
                    "sustainment", "Sustainment", hint_words=70, sources=("concept-sustainment",)
                ),
                Section("control", "Control", hint_words=70, sources=("concept-control",)),
            ),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
