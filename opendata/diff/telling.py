"""A diff for the terminal: lines in both languages, or the card of a notebook as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.errors import Text
from opendata.diff.cards import SHOWN, of_diff
from opendata.diff.opening import diff
from opendata.diff.wording import largest, summary
from opendata.diff.wording import reasons as why
from opendata.release import Release
from ytemo_display import bundle


def told(before: Release, after: Release, *, reasons: bool = False, markup: str = "text") -> Iterator[Text]:
    """What changed between two written versions, line by line.

    Args:
        before: The earlier version.
        after: The later version.
        reasons: Also why cells are newly hidden; confidential.
        markup: "text": in the language of the terminal; "markdown" or "html": the card, in both languages.

    Raises:
        VerificationError: When one of them is not as it was written.
        SpecError: When they are not versions of one dataset.
    """
    found = diff(before, after, reasons=reasons)
    if markup != "text":
        card = bundle(of_diff(found))[f"text/{markup}"]
        yield Text(card, card)
        return
    yield Text(f"{found.id}: {found.before} → {found.after}", f"{found.id}: {found.before} → {found.after}")
    for line in (*summary(found), *largest(found, each=SHOWN), *why(found)):
        yield Text(f"  {line.vi}", f"  {line.en}")
