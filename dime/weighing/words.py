"""Fractions as people read them. Bounds are rounded to the side on which what is said of
them is true."""

from __future__ import annotations

from fractions import Fraction

_HUNDRED = 100


def score(value: Fraction) -> str:
    """A score or total with two decimals, half up: “3.67”."""
    sign = "-" if value < 0 else ""
    hundredths = int(abs(value) * _HUNDRED + Fraction(1, 2))
    return f"{sign}{hundredths // _HUNDRED}.{hundredths % _HUNDRED:02d}"


def share(part: Fraction, *, up: bool) -> str:
    """A part of 1 as a percentage with one decimal at most, rounded up or down: “12.4”."""
    tenths = part * _HUNDRED * 10
    whole = -(-tenths.numerator // tenths.denominator) if up else int(tenths)
    return f"{whole // 10}.{whole % 10}" if whole % 10 else str(whole // 10)
