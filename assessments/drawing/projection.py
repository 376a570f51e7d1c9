"""Two map projections that keep areas true: one for the world, one for a country.

Longitudes and latitudes are in degrees. Results are in radii of the earth, y growing to the north.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_KM = 6371.0
# The world is cut in the Bering Strait, so that no country is: 169° west is this far from 11° east.
WORLD_CENTER = 11.0

Point = tuple[float, float]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_HALF_ROOT = math.sqrt(3) / 2


def equal_earth(lon: float, lat: float, center: float = WORLD_CENTER) -> Point:
    """The Equal Earth projection. Longitudes beyond 180 degrees from the center lie beyond its edge."""
    theta = math.asin(_HALF_ROOT * math.sin(math.radians(lat)))
    square = theta * theta
    sixth = square * square * square
    x = math.radians(lon - center) * math.cos(theta)
    x /= _HALF_ROOT * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square))
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


def near(lon: float, center: float) -> float:
    """The same meridian, written as at most 180 degrees from the center."""
    return lon - 360 * round((lon - center) / 360)


@dataclass(frozen=True)
class Azimuthal:
    """Lambert's azimuthal equal-area projection around a center: north is up there."""

    lon: float
    lat: float

    def project(self, lon: float, lat: float) -> Point:
        """Where a place lies. The far side of the earth is at a distance of almost 2."""
        turned, phi, phi0 = math.radians(lon - self.lon), math.radians(lat), math.radians(self.lat)
        sin, cos, sin0, cos0 = math.sin(phi), math.cos(phi), math.sin(phi0), math.cos(phi0)
        along = cos * math.cos(turned)
        k = math.sqrt(2 / max(1 + sin0 * sin + cos0 * along, 1e-9))
        return k * cos * math.sin(turned), k * (cos0 * sin - sin0 * along)

    def invert(self, x: float, y: float) -> Point:
        """The longitude and latitude of a place on the map, the longitude near the center."""
        distance = math.hypot(x, y)
        if distance < 1e-12:
            return self.lon, self.lat
        angle = 2 * math.asin(min(distance / 2, 1))
        sin, cos, phi0 = math.sin(angle), math.cos(angle), math.radians(self.lat)
        lat = math.asin(max(-1, min(1, cos * math.sin(phi0) + y * sin * math.cos(phi0) / distance)))
        lon = math.atan2(x * sin, distance * math.cos(phi0) * cos - y * math.sin(phi0) * sin)
        return self.lon + math.degrees(lon), math.degrees(lat)
