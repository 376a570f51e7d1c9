"""Tab 1 to Annex D: Initial Guidance."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_01 = ProductDefinition(
    key="tab-01",
    label="Tab 1",
    title="Initial Guidance",
    layout=Layout.MEMORANDUM,
    version=2,
    step=1,
    purpose="Define the planning task, its limits, and who answers for what.",
    cite="Annex D, Tab 1; Part II, Step 1; Figure 6",
    hasty=("purpose", "lead-agency", "approving-authority"),
    sections=(
        Section("purpose", "Purpose", required=True, hint_words=120),
        Section("ipt", "IPT", required=True, hint_words=100),
        Section("lead-agency", "Lead Agency", required=True, hint_words=40),
        Section("approving-authority", "Approving Authority", required=True, hint_words=80),
        Section(
            "additional-guidance",
            "Additional Guidance",
            hint_words=40,
            children=(
                Section(
                    "assumptions", "Assumptions", hint_words=100, sources=("guidance-assumptions",)
                ),
                Section(
                    "constraints-and-restraints",
                    "Constraints and Restraints (Limitations)",
                    hint_words=100,
                ),
                Section(
                    "coordination-with-non-usg-actors",
                    "Coordination with non-USG actors",
                    hint_words=80,
                ),
                Section("intent", "Intent", hint_words=80),
                Section("timeline", "Timeline", hint_words=60),
                Section("other", "Other", hint_words=100),
            ),
        ),
    ),
)
