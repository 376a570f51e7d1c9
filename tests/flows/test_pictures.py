"""Pictures from outside: decoded, written anew, seen by the effort alone."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mapro.core import files, pictures
from mapro.core.errors import Invalid, TooLarge
from mapro.core.models import AuditEvent
from planning import actions
from planning.actions import picture as module
from planning.actions.section import gaps
from planning.models import Picture
from tests.world import World, do_jobs

ADD = "/efforts/country-x/pictures/"


def made(
    form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **more: Any
) -> bytes:
    """A picture with something to see in it."""
    picture = Image.new("RGB", size, "#336699")
    picture.paste("#ffffff", (5, 5, 20, 20))
    out = io.BytesIO()
    picture = picture.convert(mode)
    if "A" in mode:
        picture.putalpha(100)
    picture.save(out, form, **more)
    return out.getvalue()


def send(world: World, content: bytes, name: str = "map.png", who: str = "member") -> Any:
    """Upload as the editor does."""
    return world.client(who).post(
        ADD, {"picture": SimpleUploadedFile(name, content), "alt": " Map "}
    )


def stored(answer: Any) -> bytes:
    """The stored bytes of an upload."""
    assert answer.status_code == 201, answer.content
    key = answer.json()["src"].rstrip("/").rsplit("/", 1)[1]
    content = files.path(Picture.objects.get(sha256=key).file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == key
    return content


# ---------- taken


@pytest.mark.parametrize(
    ("form", "mode", "kept"),
    [
        ("PNG", "RGB", "PNG"), ("PNG", "RGBA", "PNG"), ("PNG", "P", "PNG"), ("PNG", "1", "PNG"),
        ("PNG", "LA", "PNG"), ("PNG", "I;16", "PNG"), ("GIF", "P", "PNG"), ("GIF", "L", "PNG"),
        ("JPEG", "RGB", "JPEG"), ("JPEG", "CMYK", "JPEG"), ("JPEG", "L", "PNG"),
        ("WEBP", "RGB", "JPEG"), ("WEBP", "RGBA", "PNG"),
    ],
)  # fmt: skip
def test_four_formats_are_written_anew(world: World, form: str, mode: str, kept: str) -> None:
    sent = made(form, mode) if mode != "I;16" else deep()
    answer = send(world, sent)
    content = stored(answer)
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == (kept, (40, 30))
        assert picture.mode in {"RGB", "RGBA"}
    assert (answer.json()["width"], answer.json()["height"]) == (40, 30)
    assert answer.json()["alt"] == "Map"
    shown = world.client("board").get(answer.json()["src"])
    assert shown["Content-Type"] == f"image/{kept.lower()}"
    assert b"".join(shown.streaming_content) == content


def deep() -> bytes:
    """A PNG of 16 bits, as instruments make them."""
    out = io.BytesIO()
    Image.new("I;16", (40, 30), 40_000).save(out, "PNG")
    return out.getvalue()


def test_gray_of_sixteen_bits_keeps_its_shades(world: World) -> None:
    with Image.open(io.BytesIO(stored(send(world, deep())))) as picture:
        assert picture.getpixel((1, 1)) == (156, 156, 156)


def test_metadata_is_gone(world: World) -> None:
    info = PngInfo()
    info.add_text("Comment", "Taken at the secret house")
    exif = Image.Exif()
    exif[0x010E] = "Taken at the secret house"
    exif[0x0112] = 6  # turned by a quarter
    for sent in (
        made("PNG", pnginfo=info), made("JPEG", exif=exif), made("WEBP", exif=exif),
        made("JPEG", comment=b"Taken at the secret house"),
    ):  # fmt: skip
        assert b"secret house" in sent
        content = stored(send(world, sent))
        assert b"secret house" not in content
        with Image.open(io.BytesIO(content)) as picture:
            assert not picture.getexif()
            assert not {"Comment", "comment", "exif"} & set(picture.info)


def test_a_turned_photograph_is_stored_upright(world: World) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    answer = send(world, made("JPEG", exif=exif))
    assert (answer.json()["width"], answer.json()["height"]) == (30, 40)


def test_a_second_payload_is_gone(world: World) -> None:
    """What is a picture to one program and a page or an archive to another."""
    for extra in (b"<script>alert(1)</script>", b"PK\x03\x04archive", b"GIF89a/*<html>*/"):
        for form in ("PNG", "JPEG", "GIF", "WEBP"):
            content = stored(send(world, made(form) + extra))
            assert extra not in content


def test_a_moving_picture_is_stored_still(world: World) -> None:
    frames = [Image.new("P", (40, 30), n) for n in range(5)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(stored(send(world, out.getvalue())))) as picture:
        assert getattr(picture, "n_frames", 1) == 1


def test_a_large_picture_is_scaled_down(world: World) -> None:
    answer = send(world, made("JPEG", size=(4_800, 1_200)))
    assert (answer.json()["width"], answer.json()["height"]) == (2_400, 600)


def test_the_same_picture_is_stored_once(world: World) -> None:
    first, second = send(world, made()), send(world, made())
    assert first.json()["src"] == second.json()["src"]
    assert Picture.objects.count() == 1
    assert AuditEvent.objects.filter(code="picture.added").count() == 1


# ---------- refused


@pytest.mark.parametrize(
    "content",
    [
        b"", b"words", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        b"<!doctype html><script>alert(1)</script>", b"%PDF-1.7", b"GIF89a", b"\x89PNG\r\n\x1a\n",
        b"BM" + b"\0" * 60, b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"\xff\xd8\xff\xe0<html>", b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(world: World, content: bytes) -> None:
    answer = send(world, content, "map.png")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Picture.objects.exists()


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "PCX", "TGA"])
def test_other_formats_are_refused_whatever_their_name(world: World, form: str) -> None:
    assert send(world, made(form), "map.png").status_code == 400


def test_the_list_of_formats_is_what_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FORMATS", (*pictures.FORMATS, "BMP"))
    assert send(world, made("BMP")).status_code == 201


def test_half_a_picture_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as in a process that made a PDF
    whole = made("PNG", size=(400, 400))
    assert send(world, whole[: len(whole) // 2]).status_code == 400


def test_without_a_file_it_says_so(world: World) -> None:
    answer = world.client("member").post(ADD, {"picture": "words"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "Choose a picture.")


def test_eleven_megabytes_are_refused(world: World) -> None:
    answer = send(world, made() + b"\0" * 11_000_000)
    assert answer.status_code == 413
    assert "11.0 MB" in answer.json()["detail"]
    with pytest.raises(TooLarge):
        pictures.store(made() + b"\0" * 11_000_000)


def png(width: int, height: int) -> bytes:
    """A PNG that says that it is so large, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [6_400, 10_000, 20_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(world: World, side: int) -> None:
    """Above 40, 89, 179 million pixels and 3.6 billion: the decoder's own limits lie between."""
    answer = send(world, png(side, side))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "million" in answer.json()["detail"]


def test_the_bound_on_pixels_is_what_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1_199)
    assert send(world, made()).status_code == 413
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1_200)
    assert send(world, made()).status_code == 201


def test_an_effort_holds_only_so_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PICTURES", 1)
    send(world, made())
    with pytest.raises(Invalid, match="at most"):
        actions.add_picture(effort=world.effort, content=made(size=(9, 9)), by=world["lead"])


# ---------- in a text


def figure(src: str, alt: str = "Map") -> str:
    """A picture in a text."""
    return f'<p>See:</p><img src="{src}" alt="{alt}">'


def save(world: World, body: str) -> Any:
    """Save the first section as the editor does."""
    return world.client("member").post(
        "/efforts/country-x/products/tab-01/sections/purpose/",
        {"body": body, "revision": world.section().revision, "format": "html"},
        headers={"X-Autosave": "1"},
    )


def test_a_picture_is_saved_printed_and_shown(world: World) -> None:
    src = send(world, made()).json()["src"]
    assert save(world, figure(src)).status_code == 200
    assert src in world.section().body
    page = world.client("board").get("/efforts/country-x/products/tab-01/preview/").content.decode()
    assert f'<img src="{src}" alt="Map" width="40" height="30">' in page


def test_alternative_text_is_asked_for(world: World) -> None:
    src = send(world, made()).json()["src"]
    save(world, figure(src, ""))
    assert "1 picture has no alternative text" in [g.words for g in gaps(world.section())][0]
    save(world, figure(src))
    assert not [g for g in gaps(world.section()) if "alternative" in g.words]


def test_a_picture_of_another_effort_is_refused(world: World) -> None:
    other = actions.add_picture(effort=world.other, content=made(), by=world["outsider"])
    theirs = f"/efforts/{world.other.slug}/pictures/{other.sha256}/"
    ours = f"/efforts/country-x/pictures/{other.sha256}/"
    for src in (theirs, ours):
        answer = save(world, figure(src))
        assert answer.status_code == 400, src
        assert "not stored with this effort" in answer.json()["detail"]
    send(world, made())
    assert save(world, figure(ours)).status_code == 200
    assert save(world, figure(theirs)).status_code == 400
    assert save(world, figure(ours) + figure(theirs)).status_code == 400
    assert theirs not in world.section().body


@pytest.mark.parametrize(
    "src",
    ["https://example.org/a.png", "data:image/png;base64,AAAA", "/static/a.png", "x", "//e/a"],
)
def test_a_picture_from_elsewhere_is_taken_out(world: World, src: str) -> None:
    save(world, figure(src))
    assert "<img" not in world.section().body


# ---------- who sees it


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 200), ("authority", 200), ("outsider", 404), ("admin", 404), ("observer", 404),
        ("anonymous", 302),
    ],
)  # fmt: skip
def test_who_sees_a_picture(world: World, who: str, status: int) -> None:
    src = send(world, made()).json()["src"]
    assert world.client(who).get(src).status_code == status
    assert world.client(who).get(f"{ADD}{'0' * 64}/").status_code in {404, 302}


def test_the_same_picture_in_another_effort_opens_no_door(world: World) -> None:
    send(world, made())
    other = actions.add_picture(effort=world.other, content=made(), by=world["outsider"])
    assert world.client("outsider").get(f"{ADD}{other.sha256}/").status_code == 404
    assert (
        world.client("outsider")
        .get(f"/efforts/{world.other.slug}/pictures/{other.sha256}/")
        .status_code
        == 200
    )


def test_who_may_not_draft_adds_none(world: World) -> None:
    for who, status in (("board", 403), ("authority", 403), ("outsider", 404), ("admin", 404)):
        assert send(world, made(), who=who).status_code == status


def test_a_picture_whose_file_is_gone_is_told_in_words(world: World) -> None:
    src = send(world, made()).json()["src"]
    save(world, figure(src))
    files.path(Picture.objects.get().file).unlink()
    assert world.client("member").get(src).status_code == 404
    world.client("lead").post("/efforts/country-x/products/tab-01/export/", {"format": "docx"})
    assert do_jobs() == 1
