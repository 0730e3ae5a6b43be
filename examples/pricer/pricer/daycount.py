"""Day counts: how much of a coupon period has passed."""

from datetime import date


def thirty_e_360(start: date, end: date) -> int:
    """Days by 30E/360 (ISDA 2006, section 4.16(g)): each month has 30."""
    return (
        360 * (end.year - start.year)
        + 30 * (end.month - start.month)
        + min(end.day, 30)
        - min(start.day, 30)
    )


def actual(start: date, end: date) -> int:
    return (end - start).days


CONVENTIONS = {"30E/360": thirty_e_360, "ACT/ACT": actual}


def elapsed(convention: str, start: date, on: date, end: date) -> float:
    """The part of the coupon period from start to end that has passed on a day, 0 to 1 (ACT/ACT as ICMA rule 251)."""
    days = CONVENTIONS[convention]
    return days(start, on) / days(start, end)
