"""Runs a suite and leaves its results as JUnit XML: python3 -m test.run smoke|full RESULTS"""

import sys
import time
import unittest
from pathlib import Path
from xml.etree import ElementTree


class JUnitResult(unittest.TestResult):
    """Each case with its time, its requirements, and what went wrong."""

    def __init__(self):
        super().__init__()
        self.suite = ElementTree.Element("testsuite", name="pricer")

    def startTest(self, test):
        super().startTest(test)
        method = getattr(test, test._testMethodName, None)
        name = f"{type(test).__module__}.{type(test).__name__}"
        self.case = ElementTree.SubElement(self.suite, "testcase", classname=name, name=test._testMethodName)
        requirements = getattr(method, "requirements", ())
        if requirements:
            properties = ElementTree.SubElement(self.case, "properties")
            for requirement in requirements:
                ElementTree.SubElement(properties, "property", name="requirement", value=requirement)
        self.began = time.perf_counter()

    def stopTest(self, test):
        self.case.set("time", f"{time.perf_counter() - self.began:.3f}")
        super().stopTest(test)

    def addError(self, test, err):
        super().addError(test, err)
        self._tell(test, "error", err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._tell(test, "failure", err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._tell(subtest, "failure", err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        ElementTree.SubElement(self.case, "skipped", message=reason)

    def _tell(self, test, kind, err):
        if not test.id().startswith(f"{self.case.get('classname')}."):
            # A module or class that could not be set up: no case was begun for it.
            self.case = ElementTree.SubElement(self.suite, "testcase", classname="", name=test.id())
        said = ElementTree.SubElement(self.case, kind, message=f"{err[0].__name__}: {err[1]}")
        said.text = self._exc_info_to_string(err, test)
        print(f"{test.id()}\n{said.text}")


def cases(suite):
    for item in suite:
        yield from cases(item) if isinstance(item, unittest.TestSuite) else [item]


def chosen(which):
    for case in cases(unittest.defaultTestLoader.discover("test", top_level_dir=".")):
        method = getattr(case, case._testMethodName, None)
        # What cannot be loaded is a case as well, and fails.
        if which == "full" or getattr(method, "smoke", False) or type(case).__module__.startswith("unittest."):
            yield case


def main(which, results):
    result = JUnitResult()
    result.case = result.suite
    unittest.TestSuite(chosen(which)).run(result)
    wrong = len(result.failures) + len(result.errors)
    result.suite.set("tests", str(result.testsRun))
    result.suite.set("failures", str(wrong))
    Path(results).parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(result.suite).write(results, encoding="utf-8", xml_declaration=True)
    print(f"{result.testsRun - wrong} passed, {wrong} failed, {len(result.skipped)} skipped")
    return 1 if wrong or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
