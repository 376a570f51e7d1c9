"""``python -m bench.render [--short]``: the render task beside bare WeasyPrint; one table.

Bare WeasyPrint sets the very same HTML with the same style sheet in the same warm process. Memory
is that of a process that makes nothing but memos.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable


def cpu(act: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Medians of wall and CPU milliseconds over ``rounds``."""
    wall, spent = [], []
    for _ in range(rounds):
        w, c = time.perf_counter(), time.process_time()
        act()
        wall.append((time.perf_counter() - w) * 1000)
        spent.append((time.process_time() - c) * 1000)
    return statistics.median(wall), statistics.median(spent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, to see that it runs")
    short = parser.parse_args().short
    rounds, memos = (3, 30) if short else (25, 200)
    with tempfile.TemporaryDirectory(prefix="mapro-bench-") as folder:
        os.environ |= {"MAPRO_VAR": folder, "DJANGO_SETTINGS_MODULE": "mapro.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        measure(rounds, memos)


def measure(rounds: int, memos: int) -> None:
    """The table."""
    from django.db import transaction

    from planning import actions, scenario
    from planning.actions.freeze import cover_of, freeze_current
    from planning.actions.press import make_rendition, renderer
    from planning.models import Rendition
    from planning.products import document
    from planning.products.document import Document
    from planning.rendering import html, pdf
    from planning.vocabulary import Format

    script = scenario.load("country_x")
    cast = scenario.people(script, None)
    effort = scenario.stage(script, cast)
    for key, texts in script["products"].items():
        if effort.products.filter(key=key).exists():
            scenario.draft(effort, key, texts, cast["member"])
    with transaction.atomic():
        versions = freeze_current(effort=scenario.fresh(effort), by=cast["lead"])
        by_key = {v.product.key: v for v in versions}
        rendition = actions.request_rendition(version=by_key["tab-01"], by=cast["lead"])

    def built(key: str, *, times: int = 1, sections: int | None = None) -> Document:
        version = by_key[key]
        taken = dict(version.snapshot)
        taken["sections"] = [s | {"html": s["html"] * times} for s in taken["sections"][:sections]]
        return document.build(
            taken, approved=False, version=1, content_hash=version.sha256,
            created_at=version.frozen_at,
        )  # fmt: skip

    def task() -> None:
        Rendition.objects.filter(pk=rendition.pk).update(status="queued")
        make_rendition(rendition.pk)

    begun = time.perf_counter()
    pdf.warm()
    print(
        f"first use of a process: {(time.perf_counter() - begun) * 1000:.0f} ms (at worker start)"
    )
    first, _ = cpu(task, 1)
    press = pdf._press()

    def bare(page: str, variant: str | None) -> Callable[[], object]:
        source = press.weasyprint.HTML(
            string=page, base_url=pdf.SCHEME, url_fetcher=press.fetcher({})
        )
        return lambda: source.write_pdf(
            stylesheets=[press.sheet, press.draft],
            font_config=press.fonts,
            pdf_variant=variant,
            presentational_hints=True,
        )

    print(f"{'':46}{'wall ms':>9}{'cpu ms':>9}{'cpu ratio':>11}{'ms/page':>9}")

    def line(label: str, spent: tuple[float, float], base: float, pages: int) -> None:
        print(
            f"{label:46}{spent[0]:9.1f}{spent[1]:9.1f}{spent[1] / base:11.2f}"
            f"{spent[1] / pages:9.1f}",
            flush=True,
        )

    trees = {
        "memo": built("tab-01"),
        "briefing": built("tab-04-enclosure-1", sections=11),
        "assessment": built("tab-02"),
        "plan": built("tab-08", times=3),
    }
    for name, tree in trees.items():
        page = html.page(tree)
        pages = pdf.render(tree).pages
        few = rounds if pages < 20 else max(rounds // 8, 1)
        base = cpu(bare(page, "pdf/ua-1"), few)
        line(f"{name}, {pages} pages: bare WeasyPrint, UA-1", base, base[1], pages)
        line(f"{name}: MAPRO's renderer", cpu(lambda t=tree: pdf.render(t), few), base[1], pages)
        line(f"{name}: bare WeasyPrint, untagged", cpu(bare(page, None), few), base[1], pages)
        if name == "memo":
            line("memo: the whole task, stored and recorded", cpu(task, rounds), base[1], pages)
        for form in (Format.DOCX, Format.PPTX):
            made = cpu(lambda t=tree, f=form: renderer(f)(t), max(few // 2, 1))
            line(f"{name}: {form.label}", made, base[1], pages)
    cover = cover_of(scenario.fresh(effort), versions, "current")
    front = document.build(
        cover, approved=False, version=0, content_hash="0" * 64, created_at=versions[0].frozen_at
    )
    bound = [built(version.product.key) for version in versions]
    pages = pdf.bind(front, bound).pages
    base = cpu(bare(html.binder(front, bound), "pdf/ua-1"), 1)
    line(f"binder, {pages} pages: bare WeasyPrint, UA-1", base, base[1], pages)
    line("binder: MAPRO's renderer", cpu(lambda: pdf.bind(front, bound), 1), base[1], pages)
    print(f"first task of a warmed process: {first:.0f} ms")
    memory(task, memos)


def memory(task: Callable[[], None], memos: int) -> None:
    """Peak memory after ten memos and after all of them."""
    for _ in range(10):
        task()
    after_ten = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for _ in range(memos - 10):
        task()
    after_all = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"memory after 10 memos {after_ten:.0f} MiB, after {memos} {after_all:.0f} MiB, "
        f"ratio {after_all / after_ten:.2f} (goal 1.25)"
    )


if __name__ == "__main__":
    main()
