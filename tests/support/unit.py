"""unittest with one TAP line a test, which tools/run_tests.py counts."""
import sys
import time
import unittest


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.sub_failed = False

    def startTest(self, test):
        super().startTest(test)
        self.began, self.sub_failed = time.monotonic(), False

    def line(self, verdict, test, note=''):
        took = time.monotonic() - getattr(self, 'began', time.monotonic())
        name = test.id().split('.', 1)[-1]
        print(f'{verdict} - {name}{note}{f" ({took:.1f} s)" if took > 0.5 else ""}', flush=True)

    def trouble(self, test, err):
        for line in self._exc_info_to_string(err, test).rstrip().splitlines():
            print(f'#   {line}')

    def addSuccess(self, test):
        self.line('ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line('not ok', test)
        self.trouble(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self.line('not ok', test)
        self.trouble(test, err)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line('ok', test, f' # SKIP {reason}')

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self.line('not ok', subtest)
            self.trouble(subtest, err)


def main():
    names = sys.argv[1:]
    loader = unittest.defaultTestLoader
    suite = loader.loadTestsFromNames(names, sys.modules['__main__']) if names else \
        loader.loadTestsFromModule(sys.modules['__main__'])
    result = Result()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
