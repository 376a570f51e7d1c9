"""The pages of planning."""

from django.urls import path

from planning.web import board, efforts, products, renditions, steps, team, work

EFFORT = "efforts/<slug:slug>/"
STEP = EFFORT + "steps/<int:number>/"
PRODUCT = EFFORT + "products/<slug:key>/"

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
    path(PRODUCT, products.product, name="product"),
    path(PRODUCT + "sections/<slug:section>/", products.section, name="section"),
    path(PRODUCT + "preview/", products.preview, name="preview"),
    path(PRODUCT + "versions/<int:number>/", products.version, name="version"),
    path(PRODUCT + "export/", renditions.export, name="export"),
    path("renditions/<int:pk>/", renditions.rendition, name="rendition"),
    path("renditions/<int:pk>/file/", renditions.file, name="rendition-file"),
    path("renditions/<int:pk>/retry/", renditions.retry, name="rendition-retry"),
]
