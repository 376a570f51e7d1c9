"""Every file belongs to an effort."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What 0003 filled is now required."""

    dependencies = [("planning", "0003_fill")]
    operations = [
        migrations.AlterField(
            model_name="rendition",
            name="effort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="renditions",
                to="planning.effort",
            ),
        ),
    ]
