"""The pages of planning."""

from django.urls import path

from planning.web import (
    board,
    dissents,
    efforts,
    formats,
    pictures,
    products,
    renditions,
    sections,
    steps,
    team,
    versions,
    work,
)

EFFORT = "efforts/<slug:slug>/"
STEP = EFFORT + "steps/<int:number>/"
PRODUCT = EFFORT + "products/<slug:key>/"
SECTION = PRODUCT + "sections/<slug:section>/"

urlpatterns = [
    path("", work.my_work, name="my-work"),
    path("seen/", work.seen, name="my-work-seen"),
    path("efforts/", efforts.efforts, name="efforts"),
    path("efforts/new/", efforts.effort_open, name="effort-open"),
    path(EFFORT, efforts.effort, name="effort"),
    path(EFFORT + "edit/", efforts.effort_edit, name="effort-edit"),
    path(EFFORT + "record/", efforts.record, name="record"),
    path(EFFORT + "team/", team.team, name="team"),
    path(EFFORT + "team/add/", team.team_add, name="team-add"),
    path(EFFORT + "team/<int:pk>/remove/", team.team_remove, name="team-remove"),
    path(STEP, steps.step, name="step"),
    path(STEP + "submit/", steps.submit, name="step-submit"),
    path(STEP + "withdraw/", steps.withdraw, name="step-withdraw"),
    path(STEP + "board/", board.board_room, name="board-room"),
    path(STEP + "vote/", board.vote, name="step-vote"),
    path(STEP + "decide/", board.decide, name="step-decide"),
    path(EFFORT + "dissents/", dissents.dissents, name="dissents"),
    path(EFFORT + "dissents/<int:pk>/withdraw/", dissents.withdraw, name="dissent-withdraw"),
    path(EFFORT + "pictures/", pictures.add, name="picture-add"),
    path(EFFORT + "pictures/<str:sha256>/", pictures.picture, name="picture"),
    path(EFFORT + "library/", renditions.all_files, name="library"),
    path(EFFORT + "library/export/", renditions.export_collection, name="collection-export"),
    path(EFFORT + "products/", products.products, name="products"),
    path(PRODUCT, products.product, name="product"),
    path(SECTION, sections.section, name="section"),
    path(SECTION + "complete/", sections.complete, name="section-complete"),
    path(SECTION + "presence/", sections.presence, name="section-presence"),
    path(PRODUCT + "outline/", products.outline, name="outline"),
    path(PRODUCT + "preview/", versions.preview, name="preview"),
    path(PRODUCT + "versions/", versions.versions, name="versions"),
    path(PRODUCT + "versions/<int:number>/", versions.version, name="version"),
    path(PRODUCT + "versions/<int:number>/restore/", versions.restore, name="version-restore"),
    path(PRODUCT + "compare/", versions.compare, name="compare"),
    path(PRODUCT + "compare/export/", versions.export_comparison, name="compare-export"),
    path(PRODUCT + "export/", renditions.export, name="export"),
    path("renditions/<int:pk>/", renditions.rendition, name="rendition"),
    path("renditions/<int:pk>/file/", renditions.file, name="rendition-file"),
    path("renditions/<int:pk>/retry/", renditions.retry, name="rendition-retry"),
    path("renditions/<int:pk>/cancel/", renditions.cancel, name="rendition-cancel"),
    path("administration/formats/", formats.formats, name="formats"),
    path("administration/formats/new/", formats.edit, name="format-add"),
    path("administration/formats/<slug:key>/", formats.edit, name="format-edit"),
    path("administration/formats/<slug:key>/retire/", formats.retire, name="format-retire"),
]
