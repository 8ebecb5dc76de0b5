from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("interviews", "0003_chosen_answers")]

    operations = [
        migrations.AddField(
            model_name="answersheet",
            name="consent_words",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="answersheet",
            name="on_the_call",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
    ]
