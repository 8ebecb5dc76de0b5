"""What the pages are made of: hashed static files, the icon sprite, sample pages under the strict content policy."""

import itertools
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory
from django.views import defaults

from debriefs.core import icons
from debriefs.home import error_pages
from tests.core import samples

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.fixture
def collected(settings, tmp_path):
    """The static files as production serves them: hashed names, compressed, references rewritten."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_the_theme_survives_hashing(collected):
    """Layers keep their order, and every file that a stylesheet names is there under its hashed name."""
    theme = (collected / staticfiles_storage.stored_name("css/theme.css")).read_text()
    assert theme.index("@layer bootstrap, tokens, base") < theme.index("@import")
    imports = re.findall(r'@import url\("([^"]+)"\)( layer\(\w+\))?;', theme)
    assert len(imports) == theme.count("@import") > 20
    for address, layer in imports:
        name = (collected / "css" / address).resolve()
        assert re.search(r"\.[0-9a-f]{12}\.css$", address), address
        assert name.is_file(), address
        assert layer or "fonts" in address, address
        for inner in re.findall(r'url\("?(?!data:)([^")]+)"?\)', name.read_text()):
            assert (name.parent / inner).is_file(), f"{address} names {inner}"


def test_the_pages_name_hashed_files(collected):
    page = samples.render("parts")
    names = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
    assert len(set(names)) >= 8
    for name in names:
        assert (collected / name).is_file(), name
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", name), name


def test_every_icon_is_in_the_sprite():
    sprite = (ROOT / "static" / icons.SPRITE).read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == icons.NAMES


def test_every_icon_that_a_template_or_a_module_names_is_in_the_sprite():
    named = set()
    for page in TEMPLATES:
        text = page.read_text()
        named |= {(page.name, name) for name in re.findall(r'{% icon "([^"]+)"', text)}
        named |= {(page.name, name) for name in re.findall(r'{% pill "[^"]*" \S+ "([^"]+)"', text)}
    assert named
    assert not {(page, name) for page, name in named if name not in icons.NAMES}


def test_vendored_parts_carry_their_licence_and_version():
    folders = [folder for folder in (ROOT / "static" / "vendor").iterdir() if folder.is_dir()]
    assert len(folders) >= 5
    for folder in folders:
        assert (folder / "LICENSE").is_file(), folder
        assert re.search(r"-\d+\.\d+\.\d+$", folder.name), folder


def _leaves_the_site(template):
    """Mails, and the files that people take along: no policy reaches them there, and their style stands in them."""
    files = {"file.html", "delivery.html", "_delivered_answers.html", "held_data.html"}
    return "emails" in template.parts or template.name in files


def test_every_class_that_a_template_names_has_a_style():
    """A misspelt class fails; so does one that Bootstrap, our own style sheets and our scripts do not know."""
    sheets = [*(ROOT / "static" / "css").rglob("*.css"), *(ROOT / "static" / "vendor").rglob("*.css")]
    sources = [re.sub(r"url\([^)]*\)", "", sheet.read_text()) for sheet in sheets]
    sources += [script.read_text() for script in (ROOT / "static" / "js").rglob("*.js")]
    known = set(re.findall(r"\.([a-zA-Z_][\w-]*)", "\n".join(sources)))
    unknown = set()
    for page in TEMPLATES:
        if _leaves_the_site(page):
            continue
        for names in re.findall(r'class="([^"]*)"', page.read_text()):
            words = re.sub(r"{%.*?%}|{{.*?}}", " ", names).split()
            unknown |= {(page.name, word) for word in words if word not in known}
    assert unknown == set()


def _breaks_the_content_policy(page):
    """What the policy would refuse: inline style, inline script, handlers in attributes, anything from elsewhere."""
    return [
        *re.findall(r"<[^>]+\sstyle=", page),
        *re.findall(r"<style\b", page),
        *re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page),
        *re.findall(r"<[^>]+\son[a-z]+=", page),
        *re.findall(r"""(?:src|<link[^>]*href)=["'](?:https?:)?//""", page),
        *re.findall(r"javascript:", page),
    ]


@pytest.mark.parametrize("name", samples.NAMES)
def test_the_sample_pages_keep_to_the_content_policy(name):
    page = samples.render(name)
    assert len(page) > 3000
    assert _breaks_the_content_policy(page) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles_and_keeps_to_the_content_policy(path):
    get_template(str(path.relative_to(ROOT / "templates")))
    if not _leaves_the_site(path):
        assert _breaks_the_content_policy(path.read_text()) == []


@pytest.mark.parametrize("name", samples.NAMES)
def test_a_page_has_one_filled_button_or_one_more_for_its_form(name):
    page = samples.render(name, form=None)
    assert page.count("btn-primary") == 1


@pytest.mark.parametrize("name", ["today", "parts"])
def test_headings_start_with_one_h1_and_skip_no_level(name):
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", samples.render(name))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_ids_are_given_once_and_what_labels_name_is_there():
    page = samples.render("parts")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for name in re.findall(r'\s(?:for|aria-controls|aria-labelledby)="([^"]+)"', page):
        assert name in ids, name


def test_a_person_sees_only_their_rooms_and_where_they_are():
    page = samples.render("today")
    side = page[page.index('id="side"') : page.index("</nav>")]
    assert side.count('aria-current="page"') == 1
    assert "Orbeline Services" in side
    assert "Ilse Brandvoll" in side and "Sales manager" in side
    assert 'method="post" action="/accounts/logout/"' in side
    nobody = samples.render("today", frame={"rooms": [], "programmes": [], "settings_url": None, "role_label": ""})
    assert "Programme</a>" not in nobody
    assert "dropdown-menu" not in nobody


def test_a_refused_page_says_the_sentence_it_was_refused_with():
    request = RequestFactory().get("/")
    answer = defaults.permission_denied(request, PermissionDenied("Only the manager of this team may <plan>."))
    assert answer.status_code == 403
    assert "Only the manager of this team may &lt;plan&gt;." in answer.content.decode()


def test_a_missing_page_does_not_say_what_was_looked_for():
    request = RequestFactory().get("/p/secret/")
    answer = defaults.page_not_found(request, Http404("No Deal matches the given query."))
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "There is nothing here" in page
    assert "Deal" not in page and "secret" not in page


def test_the_error_pages_need_no_request_and_no_database():
    for view in (defaults.server_error, lambda request: defaults.bad_request(request, SuspiciousOperation())):
        page = view(RequestFactory().get("/")).content.decode()
        assert "Nothing was changed" in page or "not your doing" in page
        assert _breaks_the_content_policy(page) == []


@pytest.mark.parametrize(("error", "status"), [(InterfaceError("connection already closed"), 503), (ValueError(), 500)])
def test_an_absent_database_is_answered_in_words_without_asking_it(error, status):
    """Without the mark for a database every query fails."""
    try:
        raise error
    except Exception:
        answer = error_pages.server_error(RequestFactory().get("/", headers={"accept-language": "de"}))
    assert (answer.status_code, answer.get("Retry-After")) == (status, "30" if status == 503 else None)
    assert ("in a moment" in answer.content.decode().lower()) == (status == 503)


@pytest.mark.parametrize(
    ("code", "is_away"), [(None, True), ("57P01", True), ("57P03", True), ("08006", True), ("55P03", False), ("40P01", False), ("57014", False)]
)  # fmt: skip
def test_only_a_database_that_is_gone_is_called_away(code, is_away):
    """A lock not had, a deadlock, a query that took too long: those are errors of ours, and stay 500."""
    said = Exception()
    said.pgcode = code
    error = OperationalError()
    error.__cause__ = said
    assert error_pages.is_database_away(error) == is_away
    assert error_pages.is_database_away(InterfaceError("connection already closed"))
    assert not error_pages.is_database_away(ValueError()) and not error_pages.is_database_away(None)


def test_a_form_that_came_too_late_shows_what_was_typed():
    page = get_template("403_csrf.html").render({"typed": [("note", "They <said> no.")]})
    assert "They &lt;said&gt; no.</textarea>" in page
