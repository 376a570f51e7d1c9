"""Tab 3 to Annex D: Situation Analysis and Assessment Overview Briefing."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_03 = ProductDefinition(
    key="tab-03",
    label="Tab 3",
    title="Situation Analysis and Assessment Overview Briefing",
    layout=Layout.BRIEFING,
    version=2,
    step=2,
    purpose="Show senior leaders what the assessment found, and obtain their guidance for the policy work.",
    cite="Annex D, Tab 3; Part II, Step 2",
    alternates=(Layout.MEMORANDUM,),
    hasty=("critical-dynamics", "assumptions", "policy-options"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section("background", "Background", hint_words=70, sources=("events-map",)),
        Section(
            "country-profile-highlights",
            "Country Profile Highlights",
            required=True,
            hint_words=70,
            sources=("country-profile",),
        ),
        Section(
            "assessment-highlights",
            "Conflict Assessment Highlights",
            hint_words=40,
            children=(
                Section("actors", "Actors", hint_words=70, sources=("actor-highlights",)),
                Section(
                    "grievances", "Grievances", hint_words=70, sources=("grievance-highlights",)
                ),
                Section(
                    "sources-of-resilience",
                    "Sources of Resilience",
                    hint_words=70,
                    sources=("resilience-highlights",),
                ),
                Section(
                    "drivers-of-conflict",
                    "Drivers of Conflict",
                    hint_words=70,
                    sources=("driver-highlights",),
                ),
                Section(
                    "usg-activities",
                    "USG Activities",
                    hint_words=70,
                    sources=("program-highlights",),
                ),
                Section(
                    "other-actors", "Other Actors", hint_words=70, sources=("non-usg-highlights",)
                ),
                Section(
                    "gaps-and-challenges",
                    "Gaps and Challenges",
                    hint_words=70,
                    sources=("gap-highlights", "challenge-highlights"),
                ),
                Section(
                    "risks",
                    "Risks",
                    hint_words=70,
                    sources=("acting-risk-highlights", "waiting-risk-highlights"),
                ),
            ),
        ),
        Section(
            "us-interests",
            "U.S. Interests",
            required=True,
            hint_words=70,
            sources=("interest-highlights",),
        ),
        Section(
            "previous-guidance", "Previous Guidance", hint_words=70, sources=("previous-guidance",)
        ),
        Section(
            "critical-dynamics",
            "Critical Dynamics",
            required=True,
            hint_words=70,
            sources=("dynamic-highlights", "events-chart", "indicators"),
        ),
        Section(
            "legal-considerations",
            "Legal Considerations",
            hint_words=70,
            sources=("legal-highlights",),
        ),
        Section(
            "assumptions",
            "Assumptions",
            required=True,
            hint_words=70,
            sources=("assumption-highlights",),
        ),
        Section("resources", "Resources", hint_words=70, sources=("program-resources",)),
        Section("policy-options", "Policy Options", required=True, hint_words=70),
        Section(
            "information-requirements",
            "Critical Information Requirements and Gaps",
            required=True,
            hint_words=70,
            sources=("requirement-highlights",),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
