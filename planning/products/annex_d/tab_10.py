"""Tab 10 to Annex D: Situation Update."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_10 = ProductDefinition(
    key="tab-10",
    label="Tab 10",
    title="Situation Update",
    layout=Layout.DOCUMENT,
    version=1,
    step=5,
    purpose="Tell in little time what changed, what it means for the plan, and what is asked.",
    cite="Annex D, Tab 10; Part II, Step 5",
    alternates=(Layout.BRIEFING,),
    hasty=("recent-events", "recommendations"),
    sections=(
        Section("recent-events", "Recent Events", required=True, hint_words=90),
        Section(
            "situation-changes",
            "Situation Changes",
            hint_words=30,
            children=(
                Section("actors", "Actors", hint_words=90),
                Section("grievances", "Grievances", hint_words=90),
                Section("sources-of-resilience", "Sources of Resilience", hint_words=90),
                Section("drivers-of-conflict", "Drivers of Conflict", hint_words=90),
                Section("usg-activities", "USG Activities", hint_words=90),
                Section("other-actors", "Other Actors", hint_words=90),
                Section("gaps-and-challenges", "Gaps and Challenges", hint_words=90),
                Section("risks", "Risks", hint_words=90),
            ),
        ),
        Section("loe-status", "LOE Status/Progress/Setbacks", required=True, hint_words=90),
        Section("upcoming-events", "Upcoming Events", required=True, hint_words=90),
        Section("issues", "Issues", hint_words=90),
        Section("recommendations", "Recommendations", required=True, hint_words=90),
    ),
)
