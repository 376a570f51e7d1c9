"""What every drawing of MAPRO is made with: SVG, words that are measured, colors, and PNG.

Dataclasses in, SVG or PNG out; knows no model, no request and no setting.
"""

from mapro.core.drawing.raster import FontsMissing, RasterError, png
from mapro.core.drawing.svg import Drawing, DrawingError, Sheet

__all__ = ["Drawing", "DrawingError", "FontsMissing", "RasterError", "Sheet", "png"]
