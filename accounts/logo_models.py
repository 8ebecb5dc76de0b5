"""The programme's logo, as buyers see it."""

from django.db import models


class ProgrammeLogo(models.Model):
    """A small PNG that we drew ourselves from what was uploaded (`logo_images`); nothing of the upload's bytes is kept.

    `sha256` of `content` is its public address, so that browsers keep it for good and the address names nobody.
    """

    programme = models.OneToOneField(
        "accounts.Programme", on_delete=models.CASCADE, primary_key=True, related_name="logo"
    )
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sha256"], name="programme_logo_sha256")]

    def __str__(self) -> str:
        return self.sha256
