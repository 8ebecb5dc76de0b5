"""The transcript of a call, beside the notes: raw text like them, read by the same few people."""

import uuid

from django.db import models

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief


class Transcript(models.Model):
    """What a tool wrote down of the debrief's call, as the interviewer uploaded it. The file itself is not kept; its passages are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.OneToOneField(Debrief, on_delete=models.PROTECT, related_name="transcript")
    file_name = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.file_name


class TranscriptPassage(models.Model):
    """What one person said in a row. Never changes; `answer` is the question it belongs to, as the interviewer aligned it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    speaker = models.CharField(max_length=120, blank=True)
    starts_seconds = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField()
    answer = models.ForeignKey(
        "interviews.Answer", on_delete=models.SET_NULL, null=True, blank=True, related_name="passages"
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["transcript", "position"], name="transcript_passage_once")]

    def __str__(self) -> str:
        return f"{self.position}. {self.speaker}"

    @property
    def clock(self) -> str:
        """When it begins, as "1:02:03" or "2:03" into the call; empty where the file does not say."""
        if self.starts_seconds is None:
            return ""
        minutes, seconds = divmod(self.starts_seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked as the buyer's own. No query where the verbatims were fetched."""
        places = sorted((one.starts, one.ends) for one in self.verbatims.all())
        found, at = [], 0
        for starts, ends in places:
            if ends <= at:
                continue
            starts = max(starts, at)
            found += [(self.text[at:starts], False), (self.text[starts:ends], True)]
            at = ends
        return [piece for piece in [*found, (self.text[at:], False)] if piece[0]]
