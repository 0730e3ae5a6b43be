"""Marks on test cases that test/run.py reads."""


def smoke(case):
    """The case is one of the handful that run on every build."""
    case.smoke = True
    return case


def verifies(*requirements):
    """The case shows that these requirements of requirements.csv hold."""

    def mark(case):
        case.requirements = requirements
        return case

    return mark
