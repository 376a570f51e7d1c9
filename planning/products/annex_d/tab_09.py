"""Tab 9 to Annex D: Backbrief."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_09 = ProductDefinition(
    key="tab-09",
    label="Tab 9",
    title="Backbrief",
    layout=Layout.BRIEFING,
    version=1,
    step=4,
    purpose="Let each organization show how it reads its part of the plan, and settle what does not fit.",
    cite="Annex D, Tab 9",
    hasty=("key-tasks", "by-phase-or-line-of-effort"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section(
            "situation",
            "Situation",
            hint_words=40,
            children=(
                Section("challenges", "Challenges", hint_words=70),
                Section("opportunities", "Opportunities", hint_words=70),
                Section("organization", "Organization", hint_words=70),
            ),
        ),
        Section("assumptions", "Assumptions", required=True, hint_words=70),
        Section("limitations", "Limitations", hint_words=70),
        Section("key-tasks", "Key Tasks", required=True, hint_words=70),
        Section("mission", "Mission", hint_words=70),
        Section(
            "concept",
            "Concept",
            hint_words=40,
            children=(
                Section(
                    "by-phase-or-line-of-effort",
                    "By Phase and/or Line of Effort",
                    required=True,
                    hint_words=70,
                ),
                Section(
                    "support-required", "Support required from other organizations", hint_words=70
                ),
                Section(
                    "support-provided", "Support provided to other organizations", hint_words=70
                ),
            ),
        ),
        Section("issues", "Issues", hint_words=70),
        Section("recommendations", "Recommendations", required=True, hint_words=70),
        Section("discussion", "Discussion/Guidance"),
    ),
)
