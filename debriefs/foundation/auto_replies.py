"""Was a mail written by a program rather than a person (RFC 3834, and what was usual before)? Pure."""

import re

from debriefs.foundation.mime import Mail

_SUBJECT = re.compile(
    r"^\W*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|away from (the )?office|ooo\b|on (vacation|holiday)"
    r"|automatische antwort|abwesenheit\w*|nicht im (büro|hause)|antwort bei abwesenheit|réponse automatique|absence du bureau|absent\b"
    r"|respuesta automática|fuera de la oficina|ausencia\b)",
    re.IGNORECASE,
)


def is_automatic(mail: Mail) -> bool:
    """Whether a program answered: such a mail is never told on as a person's words and never answered."""
    said = mail.header("auto-submitted").strip().lower()
    if said and not said.startswith("no"):
        return True
    if any(mail.header(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from")):
        return True
    if mail.header("precedence").strip().lower() in ("auto_reply", "auto-reply", "bulk", "list", "junk"):
        return True
    return bool(_SUBJECT.match(mail.header("subject")))
