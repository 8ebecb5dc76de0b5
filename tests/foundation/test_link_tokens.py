"""Personal links: made when needed, revoked by version, alive over a change of keys."""

from uuid import uuid4

from debriefs.foundation import link_tokens


def test_a_token_opens_exactly_what_it_was_made_for(settings):
    settings.LINK_KEYS = ["a key"]
    one, other = uuid4(), uuid4()
    token = link_tokens.token_for("prospect", one, 1)
    assert link_tokens.is_token_for(token, "prospect", one, 1)
    assert not link_tokens.is_token_for(token, "prospect", other, 1)
    assert not link_tokens.is_token_for(token, "prospect", one, 2)
    assert not link_tokens.is_token_for(token, "invitation", one, 1)
    assert not link_tokens.is_token_for(token[:-1], "prospect", one, 1)
    assert not link_tokens.is_token_for("\ud800", "prospect", one, 1)


def test_old_links_open_while_their_key_is_held(settings):
    settings.LINK_KEYS = ["old"]
    one = uuid4()
    token = link_tokens.token_for("prospect", one, 1)
    settings.LINK_KEYS = ["new", "old"]
    assert link_tokens.is_token_for(token, "prospect", one, 1)
    assert link_tokens.token_for("prospect", one, 1) != token
    settings.LINK_KEYS = ["new"]
    assert not link_tokens.is_token_for(token, "prospect", one, 1)


def test_a_token_needs_no_quoting_and_its_hash_does_not_give_it_away():
    token = link_tokens.token_for("prospect", uuid4(), 1)
    assert len(token) == 43
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token not in link_tokens.hash_of(token)
