"""Every format of the catalogue: tailored products, dissents, pictures, presence, more kinds of files."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import planning.vocabulary


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_products"),
        ("planning", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dissent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(max_length=4000)),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_why", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ("effort_id", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=20)),
                ("file", models.CharField(max_length=120)),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("writes", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ProductFormat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=30)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("definition", models.JSONField()),
                ("retired", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("key", "version"),
            },
        ),
        migrations.CreateModel(
            name="Quotation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=30)),
                ("fact", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=12)),
            ],
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
                    ("view_product_draft", "view product draft"),
                    ("start_product", "start product"),
                    ("tailor_format", "tailor format"),
                    ("save_section", "save section"),
                    ("enter_dissent", "enter dissent"),
                    ("view_version_text", "view version text"),
                    ("freeze_version", "freeze version"),
                    ("request_rendition", "request rendition"),
                    ("read_rendition", "read rendition"),
                ),
            },
        ),
        migrations.AddField(
            model_name="product",
            name="format",
            field=models.CharField(default="", max_length=30),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="product",
            name="name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="product",
            name="outline",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rendition",
            name="effort",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="renditions",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="kind",
            field=models.CharField(
                choices=[
                    ("product", "product"),
                    ("comparison", "comparison"),
                    ("binder", "binder"),
                    ("archive", "archive"),
                ],
                default=planning.vocabulary.RenditionKind["PRODUCT"],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="layout",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="rendition",
            name="payload",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="sectiondraft",
            name="completed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="sectiondraft",
            name="completed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="key",
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="format",
            field=models.CharField(
                choices=[
                    ("pdf", "PDF"),
                    ("pdfa", "PDF/A, for the record"),
                    ("docx", "Word"),
                    ("pptx", "PowerPoint"),
                    ("xlsx", "Excel, the tables"),
                    ("html", "HTML"),
                    ("zip", "ZIP"),
                ],
                default=planning.vocabulary.Format["PDF"],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting for the worker"),
                    ("rendering", "Rendering"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default=planning.vocabulary.RenditionStatus["QUEUED"],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="renditions",
                to="planning.version",
            ),
        ),
        migrations.AddIndex(
            model_name="rendition",
            index=models.Index(fields=["effort", "-id"], name="rendition_of_effort"),
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
                        ("version", None),
                    ),
                    _connector="OR",
                ),
                name="rendition_of_a_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectiondraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at", None), ("completed_by", None)),
                    models.Q(("completed_at__isnull", False), ("completed_by__isnull", False)),
                    _connector="OR",
                ),
                name="section_completed_by_and_at",
            ),
        ),
        migrations.AddField(
            model_name="dissent",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dissent",
            name="effort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dissents",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="dissent",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.organization",
            ),
        ),
        migrations.AddField(
            model_name="dissent",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dissents",
                to="planning.product",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="effort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="planning.effort",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="present",
                to="planning.sectiondraft",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="productformat",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quotation",
            name="section",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="quotations",
                to="planning.sectiondraft",
            ),
        ),
        migrations.AddConstraint(
            model_name="dissent",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="dissent_has_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="dissent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", False), ("withdrawn_why", ""), _connector="OR"
                ),
                name="dissent_withdrawn_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(
                fields=("effort", "sha256"), name="picture_once_per_effort"
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(fields=("section", "user"), name="presence_once"),
        ),
        migrations.AddConstraint(
            model_name="productformat",
            constraint=models.UniqueConstraint(
                fields=("key", "version"), name="format_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="quotation",
            constraint=models.UniqueConstraint(
                fields=("section", "source", "fact", "digest"), name="quotation_once"
            ),
        ),
    ]
