"""What must hold of everything that this version has answered lately."""

from pricer.bond import flows
from pricer.desk import Answer, Desk
from pricer.valuation import dirty_at

TOLERANCE = 1e-6
WORST_NAMED = 3


def check(desk: Desk) -> list[dict]:
    given = list(desk.given)
    return [
        _said("yields-reprice", [a.isin for a in given if abs(_repriced(a) - a.price.dirty) > TOLERANCE]),
        _said("dirty-is-clean-and-accrued", [a.isin for a in given if abs(_difference(a)) > TOLERANCE]),
        _said("no-stale-quote-used", [a.isin for a in given if a.quote and a.quote.good_until < a.market.at]),
        _said("discount-factors-fall", _rising(desk.market.curve.factors())),
        _said(
            "positions-sum-to-total",
            [f"{total}" for lines, total in list(desk.totals) if sum(line.value for line in lines) != total],
        ),
    ]


def _repriced(answer: Answer) -> float:
    bond = answer.market.bonds[answer.isin]
    return dirty_at(flows(bond, answer.market.at.date()), bond.frequency, answer.price.yield_)


def _difference(answer: Answer) -> float:
    return answer.price.clean + answer.price.accrued - answer.price.dirty


def _rising(factors: list[float]) -> list[str]:
    return [f"point {n + 1}" for n in range(1, len(factors)) if factors[n] >= factors[n - 1]]


def _said(name: str, broken: list[str]) -> dict:
    if not broken:
        return {"name": name, "ok": True}
    worst = ", ".join(sorted(set(broken))[:WORST_NAMED])
    return {"name": name, "ok": False, "broken": f"{len(broken)} times, such as {worst}"}
