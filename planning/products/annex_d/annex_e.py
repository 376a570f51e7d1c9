"""Annex E: agenda, minutes and newsletter of a group."""

from planning.products.definition import Layout, ProductDefinition, Section

AGENDA = ProductDefinition(
    key="agenda",
    label="Annex E",
    title="Meeting Agenda",
    layout=Layout.DOCUMENT,
    version=1,
    step=0,
    purpose="Give a regular meeting its order, so that little time yields much.",
    owed=False,
    cite="Annex E, Regular Meetings",
    sections=(
        Section("welcome", "Welcome/Introductions", hint_words=60),
        Section(
            "updates",
            "Updates",
            hint_words=20,
            children=(
                Section("watchlist-countries", "Watchlist Countries", required=True, hint_words=60),
                Section("ongoing-ipt-projects", "Ongoing IPT Projects", hint_words=60),
                Section("usg-developments", "USG Developments", hint_words=60),
            ),
        ),
        Section("presentation", "Presentation(s)", hint_words=60),
        Section(
            "general-discussion",
            "General Discussion",
            required=True,
            hint_words=60,
            sources=("dissents",),
        ),
        Section("next-meeting", "Next Meeting", required=True, hint_words=60),
    ),
)

MINUTES = ProductDefinition(
    key="minutes",
    label="Annex E",
    title="Minutes",
    layout=Layout.DOCUMENT,
    version=1,
    step=0,
    purpose="Record what was said and agreed, so that members can report home.",
    owed=False,
    cite="Annex E, Deliverables",
    sections=(
        Section("welcome", "Welcome/Introductions", hint_words=60),
        Section("updates", "Updates", required=True, hint_words=60),
        Section("presentation", "Presentation(s)", hint_words=60),
        Section(
            "general-discussion",
            "General Discussion",
            required=True,
            hint_words=60,
            sources=("dissents",),
        ),
        Section("next-meeting", "Next Meeting", required=True, hint_words=60),
    ),
)

NEWSLETTER = ProductDefinition(
    key="newsletter",
    label="Annex E",
    title="Newsletter",
    layout=Layout.DOCUMENT,
    version=1,
    step=0,
    purpose="Pass on what is useful and not sensitive to a wider circle.",
    owed=False,
    cite="Annex E, Information Dissemination; Annex D, Tab 10",
    sections=(
        Section("publications", "Recent MAPRO-related publications", required=True, hint_words=60),
        Section("upcoming-events", "Upcoming events", required=True, hint_words=60),
        Section("mapro-updates", "MAPRO updates", required=True, hint_words=60),
    ),
)
