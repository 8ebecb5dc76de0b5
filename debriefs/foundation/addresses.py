"""E-mail addresses as keys: two spellings of one mailbox compare equal."""


def address_key(address: str) -> str:
    """The address in lower case without surrounding blanks, its domain in ASCII where possible; "" for an empty one."""
    cleaned = address.strip().lower()
    local, at, domain = cleaned.rpartition("@")
    if not at:
        return cleaned
    if cleaned.isascii():
        return cleaned
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass
    return f"{local}@{domain}"
