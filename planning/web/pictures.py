"""Pictures in texts: add one, show one."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from mapro.core import files, pictures
from mapro.core.db import atomic
from mapro.core.errors import Invalid, NotVisible, TooLarge
from planning import actions
from planning.policies import access_effort, access_picture
from planning.web.frame import perm, person


def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a picture for a text; the answer is where it stands."""
    sent = request.FILES.get("picture")
    try:
        if sent is None:
            raise Invalid({"picture": "Choose a picture."})
        with atomic():
            effort = access_effort(person(request), slug, to=perm(request))
            content = pictures.received(sent)
            made = actions.add_picture(effort=effort, content=content, by=person(request))
    except (Invalid, TooLarge) as error:
        return JsonResponse(error.as_dict(), status=error.status)
    return JsonResponse(
        {
            "src": reverse("picture", args=[slug, made.sha256]),
            "alt": request.POST.get("alt", "").strip(),
            "width": made.width,
            "height": made.height,
        },
        status=201,
    )


def picture(request: HttpRequest, slug: str, sha256: str) -> FileResponse:
    """A picture. Rights are checked each time."""
    found = access_picture(person(request), to=perm(request), effort__slug=slug, sha256=sha256)
    try:
        content = files.path(found.file).open("rb")
    except FileNotFoundError as error:
        raise NotVisible from error
    return FileResponse(content, content_type=found.media_type)
