"""The programme's logo: only pixels of what was uploaded are kept, served as what it is, and sent inside the mail."""

import io
import struct
import zlib
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts.logo_images import MOST_BYTES, MOST_KEPT, TALLEST, WIDEST, NoLogo, logo_from
from accounts.models import ProgrammeLogo
from accounts.requests import programme_url
from debriefs.calls import actions, links
from debriefs.foundation import clock, mail, outbox
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.guides.enums import OutcomeGroup
from tests import factories


def drawn(form="PNG", size=(600, 200), **more):
    """An image file with a red bar on nothing, or on white where the format has no nothing."""
    image = Image.new("RGB" if form == "JPEG" else "RGBA", size, (255, 255, 255) if form == "JPEG" else (0, 0, 0, 0))
    image.paste((200, 20, 20) if form == "JPEG" else (200, 20, 20, 255), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claiming(width, height, pixels=b""):
    """A PNG whose header claims a size, whatever it holds."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_each_format_becomes_a_small_png(form):
    found = logo_from(drawn(form))
    with Image.open(io.BytesIO(found.content)) as image:
        assert (image.format, image.size) == ("PNG", (found.width, found.height))
        red = image.convert("RGBA").getpixel((5, 5))
    assert (found.width, found.height) == (288, 96)
    assert red[0] > 180 and red[1] < 60
    assert len(found.content) <= MOST_KEPT and found.width <= WIDEST and found.height <= TALLEST


def test_nothing_but_the_pixels_is_kept():
    info = PngInfo()
    info.add_text("Comment", "CANARY-comment")
    raw = drawn(pnginfo=info, icc_profile=b"CANARY-profile") + b"<script>CANARY-tail</script>"
    assert b"CANARY" in raw
    assert b"CANARY" not in logo_from(raw).content
    turned = Image.new("RGB", (600, 200), "white")
    exif = turned.getexif()
    exif[0x0112], exif[0x010E] = 6, "CANARY-camera"
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    found = logo_from(out.getvalue())
    assert b"CANARY" not in found.content
    # Turned as the camera was held.
    assert found.height > found.width


def test_a_busy_image_is_drawn_in_fewer_colours_until_it_is_light_enough():
    noise = Image.effect_noise((720, 192), 120).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(logo_from(out.getvalue()).content) < 36_000


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "unreadable"),
        (b"GIF89a" + b"\0" * 200, "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unreadable"),
        (b"<html><script>alert(1)</script>", "unreadable"),
        (drawn()[:400], "unreadable"),
        (drawn()[:30] + b"\xff" * 3000, "unreadable"),
        (claiming(300, 100, b"\0" * 50), "unreadable"),
        (claiming(60_000, 60_000), "large"),
        (claiming(4_001, 4_000), "large"),
        (drawn(size=(300, 8)), "small"),
        (drawn() + b"\0" * MOST_BYTES, "large"),
    ],
)
def test_what_gives_no_logo_is_refused_by_name(raw, why):
    with pytest.raises(NoLogo) as refused:
        logo_from(raw)
    assert refused.value.why == why


def put(client, world, raw, name="logo.png"):
    return client.post(programme_url(world.programme, "accounts:logo_put"), {"logo": SimpleUploadedFile(name, raw)})


@pytest.mark.django_db
def test_a_programme_manager_puts_and_takes_away_a_logo_that_buyers_see(world):
    client = Client()
    client.force_login(world.admin.user)
    page = programme_url(world.programme, "accounts:programme")
    # The name of the file says nothing and is not kept.
    assert put(client, world, drawn("WEBP"), "../../etc/passwd\x00.svg").status_code == 302
    logo = ProgrammeLogo.objects.get(programme=world.programme)
    address = reverse("programme_logo", kwargs={"sha256": logo.sha256})
    assert address in client.get(page).content.decode()
    served = Client().get(address)
    assert (served["Content-Type"], served["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert served.content == bytes(logo.content) and served.content.startswith(b"\x89PNG")
    assert "immutable" in served["Cache-Control"] and "public" in served["Cache-Control"]
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer, invited_at=world.now, planned_by=world.manager)
    link = links.issue(debrief, world.now)
    buyer = Client()
    buyer.get("/" + links.address(link).split("://", 1)[1].partition("/")[2])
    shown = buyer.get(reverse("prospect:page", kwargs={"link_id": link.pk})).content.decode()
    assert f'<img src="{address}" alt="{world.programme.company_name}"' in shown
    assert client.post(programme_url(world.programme, "accounts:logo_remove")).status_code == 302
    assert Client().get(address).status_code == 404
    assert "<img" not in buyer.get(reverse("prospect:page", kwargs={"link_id": link.pk})).content.decode()
    actions_kept = AuditEntry.objects.filter(action__startswith="programme.logo").order_by("id")
    assert list(actions_kept.values_list("action", flat=True)) == ["programme.logo_changed", "programme.logo_removed"]


@pytest.mark.django_db
def test_what_is_no_image_is_refused_in_words_and_the_logo_before_stays(world):
    client = Client()
    client.force_login(world.admin.user)
    put(client, world, drawn())
    before = ProgrammeLogo.objects.get().sha256
    for raw, words in (
        (b"<svg/>", "no PNG, JPEG or WebP"),
        (drawn(size=(300, 8)), "too small"),
        (b"\0" * (MOST_BYTES + 1), "too large"),
        (b"", "empty"),
    ):
        answer = put(client, world, raw)
        assert answer.status_code == 422 and words in answer.content.decode()
        # The settings stand on the page as they are.
        assert f'value="{world.programme.company_name}"' in answer.content.decode()
    assert client.post(programme_url(world.programme, "accounts:logo_put")).status_code == 422
    assert ProgrammeLogo.objects.get().sha256 == before


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["manager", "member", "interviewer", "reviewer"])
def test_only_the_programme_manager_changes_the_logo(world, who):
    client = Client()
    client.force_login(getattr(world, who).user)
    assert put(client, world, drawn()).status_code == 404
    assert client.post(programme_url(world.programme, "accounts:logo_remove")).status_code == 404
    assert not ProgrammeLogo.objects.exists()


@pytest.mark.django_db
def test_the_mail_to_the_buyer_carries_the_logo_inside_and_loads_nothing(world, smtp):
    client = Client()
    client.force_login(world.admin.user)
    put(client, world, drawn())
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=10)
    contact = factories.contact(world.programme, company=deal.company)
    factories.deal_contact(deal, contact)
    debrief = actions.plan_debrief(
        deal=deal, contact=contact, interviewer=world.interviewer, minutes=30, by=world.manager, now=clock.now(),
        guide_version=factories.guide_version(world.programme, OutcomeGroup.LOST),
    )  # fmt: skip
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    Notice.objects.update(due_at=clock.now())
    notice = Notice.objects.get(kind="prospect_invited")
    draft = outbox.draft_of(notice, clock.now())
    made = [
        mail.build(draft, to_name="Zoe", to_email="zoe@buyer.example", message_id="<1@x>", at=world.now)
        for _twice in (1, 2)
    ]
    assert made[0] == made[1]
    parsed = message_from_bytes(
        mail.with_links(made[0], link="https://here.example/d/", stop_link="https://here.example/s/"),
        policy=policy.default,
    )
    html = parsed.get_body(("html",)).get_content()
    assert 'src="cid:logo@debriefs.invalid"' in html and "https://here.example/d/" in html
    assert 'src="http' not in html
    related = next(part for part in parsed.walk() if part.get_content_type() == "multipart/related")
    assert [part.get_content_type() for part in related.iter_parts()] == ["text/html", "image/png"]
    image = list(related.iter_parts())[1]
    assert image["Content-ID"] == "<logo@debriefs.invalid>" and image.get_content_disposition() == "inline"
    assert image.get_content() == bytes(ProgrammeLogo.objects.get().content)
    assert parsed.get_body(("plain",)) is not None
    # Mails to our own people carry none.
    ours = Notice.objects.get(kind="debrief_assigned")
    assert outbox.draft_of(ours, clock.now()).logo is None


@pytest.mark.django_db
def test_the_language_of_the_programme_is_a_setting(world):
    client = Client()
    client.force_login(world.admin.user)
    page = programme_url(world.programme, "accounts:programme")
    shown = client.get(page)
    data = {
        name: value
        for name, value in shown.context["form"].initial.items()
        if value is not None and name not in ("id",)
    }
    assert 'name="language"' in shown.content.decode()
    assert client.post(page, data | {"language": "xx"}).status_code == 422
    assert client.post(page, data | {"language": "fr"}).status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.language == "fr"
