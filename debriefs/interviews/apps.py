"""The interview: briefing, questionnaire, write-up."""

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "debriefs.interviews"
    label = "interviews"

    def ready(self) -> None:
        from debriefs.interviews import notice_kinds

        notice_kinds.register_all()
