"""Tab 4 to Annex D: Policy Advisory Memorandum, and its briefing in Enclosure I."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_04 = ProductDefinition(
    key="tab-04",
    label="Tab 4",
    title="Policy Advisory Memorandum",
    layout=Layout.MEMORANDUM,
    version=2,
    step=3,
    purpose="Put real options before the decision-makers, with what speaks for and against each.",
    cite="Annex D, Tab 4",
    alternates=(Layout.BRIEFING,),
    hasty=("overview", "policy-options", "analysis-and-recommendations"),
    sections=(
        Section("overview", "Overview", required=True, hint_words=220),
        Section(
            "us-interests",
            "U.S. Interests",
            required=True,
            hint_words=220,
            sources=("interest-highlights",),
        ),
        Section("past-us-policies", "Past U.S. Policies", hint_words=220),
        Section(
            "other-actors",
            "Other Actors",
            required=True,
            hint_words=220,
            sources=("stance-highlights", "non-usg-highlights"),
        ),
        Section("critical-issues", "Critical Issues to Address", required=True, hint_words=220),
        Section(
            "policy-options",
            "Policy Options (Goals and Strategic Objectives)",
            required=True,
            hint_words=220,
        ),
        Section(
            "analysis-and-recommendations",
            "Analysis / Recommendations / Dissenting Opinions",
            required=True,
            hint_words=220,
            sources=("dissents",),
        ),
        Section("proposed-next-steps", "Proposed Next Steps", required=True, hint_words=220),
    ),
)

TAB_04_ENCLOSURE_1 = ProductDefinition(
    key="tab-04-enclosure-1",
    label="Tab 4, Enclosure I",
    title="Policy Advisory Briefing",
    layout=Layout.BRIEFING,
    version=2,
    step=3,
    purpose="Take senior leaders through the policy options and obtain their guidance.",
    cite="Annex D, Enclosure I to Tab 4",
    hasty=("overview", "policy-goal", "strategic-objectives", "recommendations"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section("overview", "Country X Overview or Situation Update", required=True, hint_words=70),
        Section(
            "us-interests",
            "U.S. Interests",
            required=True,
            hint_words=70,
            sources=("interest-highlights",),
        ),
        Section("past-us-policies", "Past/Existing U.S. Policies", hint_words=70),
        Section(
            "other-actors",
            "Other Actors",
            hint_words=70,
            sources=("stance-highlights", "non-usg-highlights"),
        ),
        Section("critical-issues", "Critical Issues to Address", required=True, hint_words=70),
        Section(
            "policy-options",
            "Policy Options",
            hint_words=40,
            children=(
                Section("policy-goal", "Policy Goal", required=True, hint_words=70),
                Section(
                    "strategic-objectives",
                    "Strategic Objectives (Lines of Effort)",
                    required=True,
                    hint_words=70,
                ),
            ),
        ),
        Section(
            "recommendations",
            "Recommendations/Proposed Next Steps/Dissenting Opinions",
            required=True,
            hint_words=70,
            sources=("dissents",),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
