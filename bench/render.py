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
    rounds, memos = (5, 40) if short else (25, 200)
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
    from planning.actions.freeze import freeze
    from planning.actions.rendition import make_rendition
    from planning.models import Rendition
    from planning.products import document
    from planning.rendering import html, pdf

    script = scenario.load("country_x")
    cast = scenario.people(script, None)
    effort = scenario.stage(script, cast)
    scenario.draft(effort, "tab-01", script["products"]["tab-01"], cast["member"])
    product = effort.products.get()
    with transaction.atomic():
        version = freeze(product=product, by=cast["lead"])
        rendition = actions.request_rendition(version=version, by=cast["lead"])

    def built(long: int = 1) -> document.Document:
        taken = dict(version.snapshot)
        taken["sections"] = [s | {"html": s["html"] * long} for s in taken["sections"]]
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
        source = press.weasyprint.HTML(string=page, base_url=pdf.SCHEME, url_fetcher=press.fetcher)
        return lambda: source.write_pdf(
            stylesheets=[press.sheet, press.draft], font_config=press.fonts, pdf_variant=variant
        )

    print(f"{'':40}{'wall ms':>9}{'cpu ms':>9}{'cpu ratio':>11}{'ms/page':>9}")
    for name, long in (("memo", 1), ("long document", 12)):
        page, tree = html.page(built(long)), built(long)
        pages = pdf.render(tree).pages
        base = cpu(bare(page, "pdf/ua-1"), rounds)
        rows = {
            f"{name}, {pages} pages: bare WeasyPrint, UA-1": base,
            f"{name}: MAPRO's renderer": cpu(lambda tree=tree: pdf.render(tree), rounds),
            f"{name}: bare WeasyPrint, untagged": cpu(bare(page, None), rounds),
        }
        if long == 1:
            rows["memo: the whole task, stored and recorded"] = cpu(task, rounds)
        for label, (wall, spent) in rows.items():
            print(f"{label:40}{wall:9.1f}{spent:9.1f}{spent / base[1]:11.2f}{spent / pages:9.1f}")
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
