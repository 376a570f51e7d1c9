"""Governance: ways of deciding, mandates, due-outs, reopenings, replies to dissents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import planning.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_products"),
        ("planning", "0004_rendition_effort"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DueOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField(max_length=4000)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("guidance", "Guidance"),
                            ("condition", "Condition"),
                            ("comment", "Comment"),
                            ("meeting", "Meeting"),
                            ("verbal", "Verbal approval"),
                            ("at_risk", "Proceeding at risk"),
                            ("hasty", "Left out in haste"),
                            ("reopened", "Rests on a reopened step"),
                        ],
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("evidence", models.TextField(blank=True, max_length=4000)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("effort_id", "number"),
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("delegation", "delegation"), ("recusal", "recusal")],
                        max_length=12,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead planner"),
                            ("member", "IPT member"),
                            ("board", "Supervisory Board"),
                            ("authority", "Approving Authority"),
                            ("alternate", "Alternate"),
                            ("observer", "Observer"),
                            ("partner", "Partner outside the Government"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.TextField(max_length=1000)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("step_id", "cycle"),
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("cosign", "cosign"), ("answer", "answer"), ("ruling", "ruling")],
                        max_length=10,
                    ),
                ),
                (
                    "ruling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sustained", "Sustained"),
                            ("in_part", "Sustained in part"),
                            ("not_sustained", "Not sustained"),
                        ],
                        max_length=16,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=4000)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AlterModelOptions(
            name="effort",
            options={
                "default_permissions": (),
                "ordering": ("name",),
                "permissions": (
                    ("view_effort", "view effort"),
                    ("edit_effort", "edit effort"),
                    ("manage_team", "manage team"),
                    ("view_record", "view record"),
                    ("view_step", "view step"),
                    ("submit_step", "submit step"),
                    ("withdraw_step", "withdraw step"),
                    ("vote_step", "vote step"),
                    ("decide_step", "decide step"),
                    ("settle_step", "settle step"),
                    ("reopen_step", "reopen step"),
                    ("remind_step", "remind step"),
                    ("record_verbal", "record verbal"),
                    ("proceed_at_risk", "proceed at risk"),
                    ("give_mandate", "give mandate"),
                    ("recuse", "recuse"),
                    ("set_crisis", "set crisis"),
                    ("fork_effort", "fork effort"),
                    ("view_product_draft", "view product draft"),
                    ("start_product", "start product"),
                    ("tailor_format", "tailor format"),
                    ("save_section", "save section"),
                    ("enter_dissent", "enter dissent"),
                    ("answer_dissent", "answer dissent"),
                    ("rule_dissent", "rule dissent"),
                    ("add_due_out", "add due out"),
                    ("do_due_out", "do due out"),
                    ("view_version_text", "view version text"),
                    ("freeze_version", "freeze version"),
                    ("request_rendition", "request rendition"),
                    ("read_rendition", "read rendition"),
                ),
            },
        ),
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_once_per_role",
        ),
        migrations.RemoveConstraint(
            model_name="rendition",
            name="rendition_of_a_version",
        ),
        migrations.AddField(
            model_name="decision",
            name="body",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="decision",
            name="on_behalf_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="seats",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="decision",
            name="way",
            field=models.CharField(
                choices=[
                    ("authority", "Authority alone"),
                    ("majority", "Board majority"),
                    ("unanimity", "Board unanimity"),
                    ("silence", "Consensus, silence procedure"),
                ],
                default=planning.vocabulary.Way["AUTHORITY"],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="dissent",
            name="fact",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="dissent",
            name="fact_words",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="dissent",
            name="red_flag",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="dissent",
            name="source",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddField(
            model_name="dissent",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dissents",
                to="planning.submission",
            ),
        ),
        migrations.AddField(
            model_name="effort",
            name="confirm_hours",
            field=models.PositiveSmallIntegerField(
                default=48, verbose_name="hours to confirm a verbal approval"
            ),
        ),
        migrations.AddField(
            model_name="effort",
            name="crisis_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="effort",
            name="crisis_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="effort",
            name="fork",
            field=models.CharField(
                blank=True, choices=[("branch", "branch"), ("sequel", "sequel")], max_length=12
            ),
        ),
        migrations.AddField(
            model_name="effort",
            name="forked_at",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="effort",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="forks",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="step",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="authorities",
                to="planning.step",
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="renditions",
                to="planning.submission",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="cycle",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="step",
            name="quorum",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="step",
            name="silence_hours",
            field=models.PositiveSmallIntegerField(default=48),
        ),
        migrations.AddField(
            model_name="step",
            name="way",
            field=models.CharField(
                choices=[
                    ("authority", "Authority alone"),
                    ("majority", "Board majority"),
                    ("unanimity", "Board unanimity"),
                    ("silence", "Consensus, silence procedure"),
                ],
                default=planning.vocabulary.Way["AUTHORITY"],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="checks",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="submission",
            name="cycle",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="submission",
            name="interim",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="quorum",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="submission",
            name="reminded",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="submission",
            name="silence_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="way",
            field=models.CharField(
                choices=[
                    ("authority", "Authority alone"),
                    ("majority", "Board majority"),
                    ("unanimity", "Board unanimity"),
                    ("silence", "Consensus, silence procedure"),
                ],
                default=planning.vocabulary.Way["AUTHORITY"],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="vote",
            name="cast_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("lead", "Lead planner"),
                    ("member", "IPT member"),
                    ("board", "Supervisory Board"),
                    ("authority", "Approving Authority"),
                    ("alternate", "Alternate"),
                    ("observer", "Observer"),
                    ("partner", "Partner outside the Government"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="kind",
            field=models.CharField(
                choices=[
                    ("product", "product"),
                    ("comparison", "comparison"),
                    ("binder", "binder"),
                    ("archive", "archive"),
                    ("decision", "decision"),
                ],
                default=planning.vocabulary.RenditionKind["PRODUCT"],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", False),
                    ("way", planning.vocabulary.Way["SILENCE"]),
                    _connector="OR",
                ),
                name="decision_names_who",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step", None)),
                fields=("effort", "user", "role"),
                name="membership_once_per_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step__isnull", False)),
                fields=("user", "step"),
                name="membership_once_per_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("step", None), ("role", planning.vocabulary.Role["AUTHORITY"]), _connector="OR"
                ),
                name="membership_step_for_authorities",
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            [
                                planning.vocabulary.RenditionKind["PRODUCT"],
                                planning.vocabulary.RenditionKind["COMPARISON"],
                            ],
                        ),
                        ("submission", None),
                        ("version__isnull", False),
                    ),
                    models.Q(
                        (
                            "kind__in",
                            [
                                planning.vocabulary.RenditionKind["BINDER"],
                                planning.vocabulary.RenditionKind["ARCHIVE"],
                            ],
                        ),
                        ("submission", None),
                        ("version", None),
                    ),
                    models.Q(
                        ("kind", planning.vocabulary.RenditionKind["DECISION"]),
                        ("submission__isnull", False),
                        ("version", None),
                    ),
                    _connector="OR",
                ),
                name="rendition_of_a_version",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due_outs",
                to="planning.decision",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="effort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="due_outs",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due_outs",
                to="planning.product",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="step",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="due_outs",
                to="planning.step",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due_outs",
                to="planning.submission",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="delegate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="effort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mandates",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="holder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="step",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mandates",
                to="planning.step",
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reopening",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reopenings",
                to="planning.step",
            ),
        ),
        migrations.AddField(
            model_name="dueout",
            name="reopening",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="due_outs",
                to="planning.reopening",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="dissent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replies",
                to="planning.dissent",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delegate__isnull", False),
                        ("ends_at__isnull", False),
                        ("kind", planning.vocabulary.MandateKind["DELEGATION"]),
                    ),
                    models.Q(
                        ("cycle__isnull", False),
                        ("delegate", None),
                        ("kind", planning.vocabulary.MandateKind["RECUSAL"]),
                        ("step__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mandate_names_its_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                ),
                name="mandate_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.UniqueConstraint(
                fields=("step", "cycle"), name="reopened_once_per_cycle"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="reopening_has_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="dueout",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["effort"], name="due_out_open"
            ),
        ),
        migrations.AddIndex(
            model_name="dueout",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["owner"], name="due_out_owed"
            ),
        ),
        migrations.AddConstraint(
            model_name="dueout",
            constraint=models.UniqueConstraint(
                fields=("effort", "number"), name="due_out_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dueout",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="due_out_has_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="dueout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("evidence", "")),
                    models.Q(("done_at__isnull", False), models.Q(("evidence", ""), _negated=True)),
                    _connector="OR",
                ),
                name="due_out_done_with_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", planning.vocabulary.ReplyKind["COSIGN"]),
                        ("ruling", ""),
                        ("words", ""),
                    ),
                    models.Q(
                        ("kind", planning.vocabulary.ReplyKind["ANSWER"]),
                        ("ruling", ""),
                        ("withdrawn_at", None),
                        models.Q(("words", ""), _negated=True),
                    ),
                    models.Q(
                        ("kind", planning.vocabulary.ReplyKind["RULING"]),
                        ("withdrawn_at", None),
                        models.Q(("words", ""), _negated=True),
                        models.Q(("ruling", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reply_says_what_it_should",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", planning.vocabulary.ReplyKind["COSIGN"]), ("withdrawn_at", None)
                ),
                fields=("dissent", "by"),
                name="cosigned_once",
            ),
        ),
    ]
