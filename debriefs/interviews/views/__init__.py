"""Pages of the interview: briefing, questionnaire, write-up."""
