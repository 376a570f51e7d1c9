"""Drawings of the watch and of the situation analysis: dataclasses in, SVG or PNG out.

Knows no model, no request and no setting. Each drawing says in words what it shows (``alt``), so
that a page or a document can print it beside the picture. Two drawings on one page need two
different ``prefix``.
"""

from assessments.drawing.bubbles import MapPoint
from assessments.drawing.charts import Period, event_chart, trend_line
from assessments.drawing.country import Place, country_map
from assessments.drawing.geo import Country, countries, find_country
from assessments.drawing.maps import CountryMark, world_map
from assessments.drawing.network import Edge, Node, network
from assessments.drawing.timeline import TimelineItem, timeline
from mapro.core.drawing.raster import FontsMissing, RasterError, png
from mapro.core.drawing.svg import Drawing, DrawingError

__all__ = [
    "Country",
    "CountryMark",
    "Drawing",
    "DrawingError",
    "Edge",
    "FontsMissing",
    "MapPoint",
    "Node",
    "Period",
    "Place",
    "RasterError",
    "TimelineItem",
    "countries",
    "country_map",
    "event_chart",
    "find_country",
    "network",
    "png",
    "timeline",
    "trend_line",
    "world_map",
]
