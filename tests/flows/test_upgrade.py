"""An upgrade from the first release: nothing is lost, and what is new reaches old efforts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from planning import actions, framework, grants
from planning.actions.press import document_of
from planning.models import (
    Effort,
    EffortGroupPermission,
    Grant,
    Product,
    Rendition,
    SectionDraft,
    Version,
)
from planning.policies import RULES
from planning.products.annex_d import CATALOGUE
from planning.products.document import digest
from planning.vocabulary import Format, Perm, Role
from tests.world import World, do_jobs

FIRST = "0001_initial"
NEW = {
    Perm.PRODUCT_START, Perm.FORMAT_TAILOR, Perm.DISSENT_ENTER, Perm.VERSION_FREEZE,
}  # fmt: skip


def migrate(target: str = "") -> Any:
    """Bring planning's tables to a migration, or all to the newest; returns the models there.

    On the way back the tables of register apps go, since they point to planning's.
    """
    call_command("migrate", *(["planning", target] if target else []), verbosity=0)
    loader = MigrationExecutor(connection).loader
    name = target or max(name for app, name in loader.graph.nodes if app == "planning")
    return loader.project_state([("planning", name)]).apps


@pytest.fixture
def _newest_after() -> Iterator[None]:
    """Whatever happens, the next test finds the newest tables."""
    yield
    call_command("migrate", verbosity=0)


@pytest.fixture
def old(transactional_db: None, _newest_after: None, live_world: World) -> World:
    """Country X as the first release left it: Tab 1 written, submitted, approved, one PDF."""
    world = live_world
    world.approve()
    do_jobs()
    apps = migrate(FIRST)
    apps.get_model("planning", "Product").objects.exclude(key="tab-01").delete()
    apps.get_model("planning", "Rendition").objects.exclude(format="pdf").delete()
    codes = [perm.value for perm in NEW]
    EffortGroupPermission.objects.filter(permission__codename__in=codes).delete()
    Grant.objects.filter(permission__in=codes).delete()
    Permission.objects.filter(content_type__app_label="planning", codename__in=codes).delete()
    for version in apps.get_model("planning", "Version").objects.all():
        taken = {k: v for k, v in version.snapshot.items() if k in FIRST_KEYS}
        version.snapshot = taken | {"schema": 1, "label": "Tab 1"}
        version.sha256 = digest(version.snapshot)
        version.save()
    return world


FIRST_KEYS = {
    "schema", "product", "label", "definition_version", "title", "layout", "language", "effort",
    "header", "designation", "marking", "sections",
}  # fmt: skip


def test_nothing_is_lost_on_the_way(old: World) -> None:
    before = migrate(FIRST)
    drafts = before.get_model("planning", "SectionDraft").objects
    texts = dict(drafts.filter(product__effort=old.effort.pk).values_list("key", "body"))
    hashes = list(before.get_model("planning", "Version").objects.values_list("sha256", "snapshot"))
    prints = set(
        before.get_model("planning", "Rendition").objects.values_list("fingerprint", "file")
    )
    assert len(texts) == 11 and texts["purpose"]
    assert len(hashes) == 1
    assert len(prints) == 2  # one before the board, one approved

    migrate()
    tab_01 = Product.objects.get(effort=old.effort, key="tab-01")
    assert dict(tab_01.sections.values_list("key", "body")) == {
        s.key: texts[s.key] for s in CATALOGUE["tab-01"].every_section()
    }
    assert list(Version.objects.values_list("sha256", "snapshot")) == hashes
    assert set(Rendition.objects.values_list("fingerprint", "file")) == prints
    assert tab_01.approved_version is not None


def test_formats_are_named_files_belong_to_efforts_and_products_are_owed(old: World) -> None:
    migrate()
    for effort in Effort.objects.all():
        owed = {key: step.number for step in framework.STEPS for key in step.owes}
        rows = effort.products.select_related("step")
        assert {row.key: row.step.number for row in rows} == owed
        assert all(row.format == row.key and row.outline is None for row in rows)
        for row in rows:
            keys = set(row.sections.values_list("key", flat=True))
            assert keys == {o.section.key for o in CATALOGUE[row.key].walk()}
            assert set(row.sections.values_list("portion", flat=True)) == {effort.marking_id}
    assert set(Rendition.objects.values_list("effort", flat=True)) == {old.effort.pk}
    assert set(Rendition.objects.values_list("kind", "layout")) == {("product", "")}


def test_new_permissions_reach_the_roles_of_old_efforts(old: World) -> None:
    migrate()
    for effort in Effort.objects.all():
        for rule in RULES.values():
            held = set(
                EffortGroupPermission.objects.filter(
                    content_object=effort, permission__codename=rule.perm.value
                ).values_list("group__name", flat=True)
            )
            assert held == {grants.group_name(effort, role) for role in rule.roles}, rule.perm
    for perm, who in (
        (Perm.FORMAT_TAILOR, {"lead"}), (Perm.DISSENT_ENTER, {"lead", "member", "board"}),
    ):  # fmt: skip
        for key in ("lead", "member", "board", "authority", "observer", "outsider"):
            found = Grant.objects.filter(
                user=old[key], effort=old.effort, permission=perm.value
            ).exists()
            assert found == (key in who), (perm, key)
    assert grants.reconcile() == 0


def test_the_old_effort_goes_on(old: World) -> None:
    migrate()
    version = Version.objects.select_related("product__effort", "product__step", "marking").get()
    tree = document_of(version)
    assert (tree.label, tree.heading_lines) == (
        "Annex D, Tab 1", ("Interagency Planning Team, Country X",),
    )  # fmt: skip
    made = actions.request_rendition(version=version, by=old["lead"], form=Format.DOCX)
    assert do_jobs() >= 1
    made.refresh_from_db()
    assert made.status == "ready"
    for address in (
        "products/tab-01/versions/1/", "products/tab-01/compare/", "products/tab-02/outline/",
        "library/", "dissents/", "products/", "",
    ):  # fmt: skip
        assert old.client("lead").get(f"/efforts/country-x/{address}").status_code == 200, address
    assert (
        old.client("lead")
        .post("/efforts/country-x/products/tab-01/versions/1/restore/")
        .status_code
        == 302
    )
    old.owe(2)
    assert old.submit(2).number == 1


def test_the_newest_migration_goes_back_and_forth(old: World) -> None:
    migrate()
    names = sorted(
        name for app, name in MigrationExecutor(connection).loader.graph.nodes if app == "planning"
    )
    texts = list(SectionDraft.objects.order_by("pk").values_list("key", "body"))
    migrate(names[-2])
    migrate()
    assert list(SectionDraft.objects.order_by("pk").values_list("key", "body")) == texts
    migrate(FIRST)
    migrate()
    assert list(SectionDraft.objects.order_by("pk").values_list("key", "body")) == texts


# ---------- reconcile by itself


def take(effort: Effort, perm: Perm, role: Role) -> None:
    """Take a grant away behind the back of the table."""
    EffortGroupPermission.objects.filter(
        content_object=effort, permission__codename=perm.value,
        group__name=grants.group_name(effort, role),
    ).delete()  # fmt: skip


def test_one_missing_grant_is_found_whatever_else_is_there(world: World) -> None:
    assert grants.reconcile() == 0
    take(world.effort, Perm.DISSENT_ENTER, Role.BOARD)
    Grant.objects.filter(user=world["board"], permission=Perm.DISSENT_ENTER.value).delete()
    # A grant of an earlier table, to a role that has no such right any more, makes up for nothing.
    group = grants.Group.objects.get(name=grants.group_name(world.effort, Role.OBSERVER))
    for code in (Perm.DISSENT_ENTER, Perm.FORMAT_TAILOR):
        EffortGroupPermission.objects.create(
            group=group, content_object=world.effort,
            permission=Permission.objects.get(
                codename=code.value, content_type__app_label="planning"
            ),
        )  # fmt: skip
    assert grants.reconcile() == 1
    assert Grant.objects.filter(
        user=world["board"], effort=world.effort, permission=Perm.DISSENT_ENTER.value
    ).exists()
    assert grants.reconcile() == 0


def test_reconcile_takes_nothing_away_and_gives_outsiders_nothing(world: World) -> None:
    before = set(Grant.objects.values_list("user", "effort", "permission"))
    for role in Role:
        take(world.effort, Perm.VERSION_FREEZE, role)
    assert grants.reconcile() == len(RULES[Perm.VERSION_FREEZE].roles)
    assert set(Grant.objects.values_list("user", "effort", "permission")) == before


def test_reconcile_asks_twice_when_nothing_is_missing(
    world: World, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        grants.reconcile()
