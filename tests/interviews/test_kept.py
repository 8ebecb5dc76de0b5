"""The key for what a browser keeps, and the worker that shows the page without a connection."""

import base64

from django.test import override_settings

from accounts.requests import programme_url


def keys(world, client):
    return client.get(programme_url(world.programme, "interviews:keys")).json()["keys"]


def test_each_person_has_a_key_of_their_own_that_is_the_same_after_signing_in_again(world, sign_in):
    mine = keys(world, sign_in(world.interviewer))
    assert [len(base64.b64decode(key)) for key in mine] == [32]
    assert keys(world, sign_in(world.interviewer)) == mine
    assert keys(world, sign_in(world.other_interviewer)) != mine


def test_the_key_is_stored_nowhere_on_the_way(world, sign_in):
    answer = sign_in(world.interviewer).get(programme_url(world.programme, "interviews:keys"))
    assert "no-store" in answer["Cache-Control"]


def test_a_new_secret_gives_a_new_key_and_old_ones_still_open_what_was_left(world, sign_in, settings):
    old = keys(world, sign_in(world.interviewer))
    with override_settings(
        SECRET_KEY="another-secret-for-a-test-0123456789", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]
    ):
        both = keys(world, sign_in(world.interviewer))
    assert both[1:] == old and both[0] != old[0]


def test_the_worker_is_a_script_that_serves_kept_pages_under_the_policy_of_every_page(world, sign_in):
    client = sign_in(world.interviewer)
    script = client.get(programme_url(world.programme, "interviews:worker"))
    assert script["Content-Type"] == "text/javascript"
    assert "script-src" in script["Content-Security-Policy"]
    # In an order that no process of the server changes: other bytes would be another worker to the browser.
    policy = "; ".join(sorted(script["Content-Security-Policy"].split("; ")))
    written = policy.replace("'", "\\u0027").replace(";", "\\u003B").replace("-", "\\u002D")
    assert written in script.content.decode()
