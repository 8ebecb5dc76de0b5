"""What a person newly wrote in a mail, and whether they ask not to be written to. Pure.

Clients quote in their own ways and languages; the history begins at the first line that any of them puts above it.
"""

import re

from debriefs.foundation.mime import QUOTE_MARK, Mail, visible_text

MOST_TEXT = 20_000
_MOST_READ = 60_000
_WROTE = re.compile(
    r"^[^\w\n]{0,4}(on|am|le|el|il|em|den|op|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})\b.{0,300}?"
    r"(wrote|schrieb|schreef|a écrit|escribió|ha scritto|escreveu|skrev|написал\w*|пишет)\b.{0,200}?:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_RULE = re.compile(
    r"^\s*(-{2,40}|_{5,100})\s*(original message|original appointment|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d.origine|message transféré|mensaje original|mensaje reenviado|original-nachricht|пересылаемое сообщение)?\s*(-{2,40}|_{5,100})?\s*$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^[*\s]{0,4}(from|von|de|van|от|da|date|datum|fecha)\s?:[^\n]*\n{1,3}[*\s]{0,4}(sent|gesendet|envoyé|enviado( el)?|date|datum|fecha|to|an|à|para|"
    r"дата|отправлено|subject|betreff|objet|asunto|from|von)\s?:",
    re.IGNORECASE,
)
_MAILBOX_WROTE = re.compile(
    r"^.{0,200}?(@\S{1,200}.{0,60}?(wrote|schrieb|a écrit|escribió|написал\w*|пишет)|\d\d:\d\d.{0,120}?<\S{1,100}@\S{1,100}>)\s*:\s*$",
    re.IGNORECASE,
)
# Longer lines introduce no history; the limit keeps every pattern here cheap.
_LONGEST_HEADING = 400
_QUOTED = re.compile(r"^\s*(>|\|\s)")
_SIGNATURE = re.compile(r"^\s*--\s?$")

# Each asks to stop all mail in its own words. They are looked for only in what was newly written.
_STOP = re.compile(
    r"""
    \b(?:please\s+)?(?:do\s+not|don.?t|never|stop|cease|quit)\s+(?:ever\s+)?
        (?:contact(?:ing)?|writ(?:e|ing)|e-?mail(?:ing)?|mail(?:ing)?|messag(?:e|ing)|send(?:ing)?)
        (?:\s+(?:to\s+)?(?:me|us)\b|\s+(?:me\s+|us\s+)?(?:any\s+)?(?:more\s+|further\s+|these\s+)?(?:e-?mails?|mails?|messages?))
  | \bno\s+(?:more|further)\s+(?:e-?mails?|mails?|messages?)\b
  | \b(?:take|remove)\s+(?:me|us|my\s+(?:e-?mail\s+)?address)\s+(?:off|from)\b
  | ^[^\w\n]{0,9}unsubscribe(?:\s+me)?[^\w\n]{0,9}$ | \bplease\s+unsubscribe\b | \bunsubscribe\s+me\b | \bleave\s+me\s+alone\b | ^[^\w\n]{0,9}stop[^\w\n]{0,9}$
  | \b(?:schreiben|kontaktieren|mailen)\s+sie\s+(?:mir|mich|uns)\s+(?:bitte\s+)?(?:nicht|nie)(?:\s+mehr|\s+wieder|\s+weiter)?\b
  | \b(?:bitte\s+)?keine\s+(?:weiteren\s+)?(?:e-?mails?|mails?|nachrichten)\s+(?:mehr|schicken|senden)\b
  | \bkeine\s+weiteren\s+(?:e-?mails?|mails?|nachrichten|anfragen)\b
  | \bbitte\s+(?:mich\s+|uns\s+)?(?:nicht\s+(?:mehr|wieder)\s+)(?:anschreiben|kontaktieren|schreiben|anmailen|melden)\b
  | \b(?:bitte\s+)?(?:mir|mich|uns)\s+(?:bitte\s+)?nicht\s+mehr\s+(?:an)?(?:schreiben|kontaktieren)\b
  | \b(?:aus|von)\s+(?:dem|ihrem|der|ihrer)\s+(?:verteiler|liste|mailingliste)\b | \blassen\s+sie\s+(?:mich|uns)\s+in\s+ruhe\b | ^[^\w\n]{0,9}abmelden[^\w\n]{0,9}$
  | \bne\s+(?:me|m.|nous)\s*(?:plus\s+)?(?:contacte[rz]|écri(?:vez|re)|envoye[rz])(?:\s+plus|\s+pas)?\b
  | \bne\s+plus\s+(?:me|m.|nous)\s*(?:contacter|écrire|envoyer|solliciter)\b
  | \bplus\s+(?:de|aucun)\s+(?:e-?mails?|mails?|courriels?|messages?)\b | \bcessez\s+de\s+(?:me|m.|nous)\b
  | \bretire[rz](?:-moi|-nous)?\s+(?:mon\s+adresse\s+)?de\s+(?:votre|la)\s+liste\b | ^[^\w\n]{0,9}(?:me\s+)?désabonner[^\w\n]{0,9}$ | \bdésabonne[rz](?:-moi)?\b
  | \bno\s+(?:me|nos)\s+(?:escriba[ns]?|contacte[ns]?|env[ií]e[ns]?|moleste[ns]?|vuelva[ns]?\s+a\s+(?:escribir|contactar))\b
  | \bno\s+vuelva[ns]?\s+a\s+(?:escribir|contactar|enviar)(?:me|nos)\b | \bdeje[ns]?\s+de\s+(?:escribir|contactar|enviar)(?:me|nos)\b
  | \bno\s+(?:quiero|deseo)\s+(?:recibir|que\s+me)\b | \bd[ée](?:n)?me\s+de\s+baja\b | \bdarme\s+de\s+baja\b | ^[^\w\n]{0,9}baja[^\w\n]{0,9}$
  | \bno\s+(?:más|mas)\s+(?:correos?|mensajes?|e-?mails?)\b
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def new_text(mail: Mail) -> str:
    """What stands above the quoted history and the signature, at most MOST_TEXT characters; of HTML alone the visible text."""
    text = mail.text if mail.text.strip() else visible_text(mail.html)
    return above_quote(text)[:MOST_TEXT]


def above_quote(text: str) -> str:
    """The text up to where a client began the history.

    Where somebody answers below the quote, as some do, what stands under a leading quote counts too.
    """
    lines = text[:_MOST_READ].replace("\xa0", " ").split("\n")
    kept = _until_history(lines)
    if not any(line.strip() for line in kept):
        # Everything stands below: take what is not quoted after the introducing line.
        kept = [line for line in lines if not _QUOTED.match(line) and not _is_wrote(line)]
        kept = _until_signature([line for line in kept if QUOTE_MARK not in line])
    return "\n".join(kept).strip()


def asks_to_stop(text: str) -> bool:
    """Whether the words ask not to be written to any more, in English, German, French or Spanish."""
    straight = text.replace("’", "'").replace("`", "'")
    return _STOP.search(re.sub(r"[ \t]+", " ", straight[:MOST_TEXT])) is not None


def _until_history(lines: list[str]) -> list[str]:
    kept: list[str] = []
    last_own = max(
        (number for number, line in enumerate(lines) if line.strip() and not _QUOTED.match(line)), default=-1
    )
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_HEADING:
            kept.append(line)
            continue
        ahead = "\n".join(lines[number : number + 3])[: 2 * _LONGEST_HEADING]
        if QUOTE_MARK in line or _RULE.match(line) or _SIGNATURE.match(line) or _NAMED.match(ahead):
            break
        if _QUOTED.match(line):
            # A quoted passage between own words is answered there; only a quote to the end is the history.
            if number > last_own:
                break
            continue
        if _is_wrote(line) or _is_wrote("\n".join(lines[number : number + 2])) or _is_wrote(ahead):
            break
        kept.append(line)
    return kept


def _until_signature(lines: list[str]) -> list[str]:
    return lines[: next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))]


def _is_wrote(lines: str) -> bool:
    text = lines.strip()
    is_one_line = "\n" not in text
    return len(text) < 2 * _LONGEST_HEADING and bool(_WROTE.match(text) or (is_one_line and _MAILBOX_WROTE.match(text)))
