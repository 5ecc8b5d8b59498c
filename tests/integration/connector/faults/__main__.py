"""Go through the faults by hand: `--only` for a closer look, `--write` for the page."""

from __future__ import annotations

import argparse
import os
import sys

from infra.local import aws

from . import report
from .enumeration import counts, go_through


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="words that a case's title holds")
    parser.add_argument(
        "--every", action="store_true", help="each kind at each call, not each place"
    )
    parser.add_argument("--write", action="store_true", help="write docs/faults.md")
    options = parser.parse_args()
    os.environ.setdefault("AWS_DEFAULT_REGION", aws.REGION)
    words = options.only.split()
    seen = go_through(
        lambda call, kind: all(
            word in f"{call.step}: {call.name} {kind.name}" for word in words
        ),
        options.every,
    )
    for one in seen.results:
        if one.broken or words:
            print(f"{one.title}\n    {report.outcome(one)}\n{one.broken or ''}")
    print(counts(seen))
    if options.write and not words:
        report.PAGE.write_text(report.text(seen))
    return 1 if any(one.broken for one in seen.results) else 0


if __name__ == "__main__":
    sys.exit(main())
