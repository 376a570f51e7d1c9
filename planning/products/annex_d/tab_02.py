"""Tab 2 to Annex D: Conflict Assessment, and its briefing in Enclosure I."""

from planning.products.definition import Layout, ProductDefinition, Section

TAB_02 = ProductDefinition(
    key="tab-02",
    label="Tab 2",
    title="Conflict Assessment",
    layout=Layout.DOCUMENT,
    version=1,
    step=2,
    purpose="Diagnose the conflict by the ICAF, and draw from it what planners need to know of the country.",
    cite="Annex D, Tab 2",
    numbering=("I", "1", "a"),
    hasty=("key-actors", "drivers-of-conflict", "windows-of-vulnerability", "capability-gaps"),
    sections=(
        Section(
            "conflict-diagnosis",
            "Conflict Diagnosis",
            hint_words=150,
            children=(
                Section("establish-context", "Establish Context", required=True, hint_words=450),
                Section(
                    "grievances-and-resilience",
                    "Understand Core Grievances and Sources of Social and Institutional Resilience",
                    hint_words=150,
                    children=(
                        Section(
                            "identity-groups",
                            "Identity Groups who believe others threaten their identity, security, or livelihood",
                            required=True,
                            hint_words=450,
                        ),
                        Section(
                            "social-patterns",
                            "How Social Patterns reinforce perceived deprivation, blame and inter-group cleavages and/or how they promote comity and peaceful resolution of inter-group disputes",
                            hint_words=450,
                        ),
                        Section(
                            "institutional-performance",
                            "How poor or good Institutional Performance aggravates or contributes to the resolution of conflict",
                            hint_words=450,
                        ),
                        Section(
                            "core-grievances", "Core Grievances", required=True, hint_words=450
                        ),
                        Section(
                            "sources-of-resilience",
                            "Sources of Social and Institutional Resilience",
                            required=True,
                            hint_words=450,
                        ),
                    ),
                ),
                Section(
                    "drivers-and-mitigating-factors",
                    "Identify Drivers of Conflict and Mitigating Factors",
                    hint_words=150,
                    children=(
                        Section("key-actors", "Key Actors", required=True, hint_words=450),
                        Section(
                            "objectives-means-and-resources",
                            "Key Actors Objectives, Means and Resources",
                            required=True,
                            hint_words=450,
                        ),
                        Section(
                            "drivers-of-conflict",
                            "Drivers of Conflict",
                            required=True,
                            hint_words=450,
                        ),
                        Section(
                            "mitigating-factors",
                            "Mitigating Factors",
                            required=True,
                            hint_words=450,
                        ),
                    ),
                ),
                Section(
                    "windows",
                    "Describe Windows of Vulnerability and Windows of Opportunity",
                    hint_words=150,
                    children=(
                        Section(
                            "windows-of-vulnerability",
                            "Windows of Vulnerability",
                            required=True,
                            hint_words=450,
                        ),
                        Section(
                            "windows-of-opportunity",
                            "Windows of Opportunity",
                            required=True,
                            hint_words=450,
                        ),
                    ),
                ),
            ),
        ),
        Section(
            "segue-into-planning",
            "Segue Into Planning",
            hint_words=150,
            children=(
                Section("usg-programs", "Identify USG Programs", required=True, hint_words=450),
                Section("other-actors", "Identify Other Actors", required=True, hint_words=450),
                Section(
                    "capability-gaps", "Identify HN Capability Gaps", required=True, hint_words=450
                ),
                Section("challenges", "Identify Challenges", required=True, hint_words=450),
                Section(
                    "risks", "Identify Risks of Acting/Not Acting", required=True, hint_words=450
                ),
                Section("opportunities", "Identify Opportunities", required=True, hint_words=450),
            ),
        ),
    ),
)

TAB_02_ENCLOSURE_1 = ProductDefinition(
    key="tab-02-enclosure-1",
    label="Tab 2, Enclosure I",
    title="Conflict Assessment Briefing",
    layout=Layout.BRIEFING,
    version=1,
    step=2,
    purpose="Give the team one early picture, show where information conflicts, and inform others later.",
    cite="Annex D, Enclosure I to Tab 2",
    hasty=("drivers-and-mitigating-factors", "windows", "capability-gaps"),
    sections=(
        Section("purpose", "Purpose of Briefing", required=True, hint_words=70),
        Section("agenda", "Agenda", sources=("outline",)),
        Section(
            "country-profile",
            "Country X Profile",
            hint_words=40,
            children=(
                Section("geography", "Geography", hint_words=70),
                Section("people", "People", hint_words=70),
                Section("history", "History", hint_words=70),
                Section("government", "Government & Political Conditions", hint_words=70),
                Section("economy", "Economy", hint_words=70),
                Section("foreign-relations", "Foreign Relations", hint_words=70),
                Section("us-relations", "U.S.-Country X Relations", hint_words=70),
            ),
        ),
        Section(
            "conflict-assessment",
            "Conflict Assessment",
            hint_words=40,
            children=(
                Section(
                    "conflict-diagnosis",
                    "Conflict Diagnosis",
                    hint_words=40,
                    children=(
                        Section(
                            "context-of-the-conflict",
                            "Context of the Conflict",
                            required=True,
                            hint_words=70,
                        ),
                        Section(
                            "grievances-and-resilience",
                            "Core Grievances and Sources of Social/Institutional Resilience",
                            required=True,
                            hint_words=70,
                        ),
                        Section(
                            "drivers-and-mitigating-factors",
                            "Drivers of Conflict and Mitigating Factors",
                            required=True,
                            hint_words=70,
                        ),
                        Section(
                            "windows",
                            "Opportunities for Increasing or Decreasing Conflict",
                            required=True,
                            hint_words=70,
                        ),
                    ),
                ),
                Section(
                    "segue-into-planning",
                    "Segue Into Planning",
                    hint_words=40,
                    children=(
                        Section("usg-activities", "USG Activities", hint_words=70),
                        Section("non-usg-actors", "Non-USG Actors", required=True, hint_words=70),
                        Section(
                            "capability-gaps",
                            "Country X Capability Gaps",
                            required=True,
                            hint_words=70,
                        ),
                        Section("challenges", "Challenges", hint_words=70),
                        Section("risks", "Risks (of acting and not acting)", hint_words=70),
                        Section("opportunities", "Opportunities", hint_words=70),
                    ),
                ),
            ),
        ),
        Section("discussion", "Discussion/Guidance"),
    ),
)
