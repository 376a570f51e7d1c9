"""Tab 3 to Annex D: Situation Analysis and Assessment Overview Briefing."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_03 = ProductDefinition(
    key="tab-03",
    label="Tab 3",
    title="Situation Analysis and Assessment Overview Briefing",
    layout=Layout.BRIEFING,
    version=1,
    step=2,
    purpose="Show senior leaders what the assessment found, and obtain their guidance for the policy work.",
    cite="Annex D, Tab 3; Part II, Step 2",
    alternates=(Layout.MEMORANDUM,),
    hasty=("critical-dynamics", "assumptions", "policy-options"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section("background", "Background", hint_words=70),
        Section(
            "country-profile-highlights", "Country Profile Highlights", required=True, hint_words=70
        ),
        Section(
            "assessment-highlights",
            "Conflict Assessment Highlights",
            hint_words=40,
            children=(
                Section("actors", "Actors", hint_words=70),
                Section("grievances", "Grievances", hint_words=70),
                Section("sources-of-resilience", "Sources of Resilience", hint_words=70),
                Section("drivers-of-conflict", "Drivers of Conflict", hint_words=70),
                Section("usg-activities", "USG Activities", hint_words=70),
                Section("other-actors", "Other Actors", hint_words=70),
                Section("gaps-and-challenges", "Gaps and Challenges", hint_words=70),
                Section("risks", "Risks", hint_words=70),
            ),
        ),
        Section("us-interests", "U.S. Interests", required=True, hint_words=70),
        Section("previous-guidance", "Previous Guidance", hint_words=70),
        Section("critical-dynamics", "Critical Dynamics", required=True, hint_words=70),
        Section("legal-considerations", "Legal Considerations", hint_words=70),
        Section("assumptions", "Assumptions", required=True, hint_words=70),
        Section("resources", "Resources", hint_words=70),
        Section("policy-options", "Policy Options", required=True, hint_words=70),
        Section(
            "information-requirements",
            "Critical Information Requirements and Gaps",
            required=True,
            hint_words=70,
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
