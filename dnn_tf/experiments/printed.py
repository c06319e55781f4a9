"""A formula as the documents print it, beside the right one, in numbers."""

import math
from dataclasses import dataclass

from dnn_tf.experiments.outcome import Claim
from dnn_tf.experiments.rows import Row, number


@dataclass(frozen=True)
class Printed:
    """One formula at one place.

    Args:
        what: is measured, after the number that the error has in the catalogue of the documents.
        says: what is printed, with its document; "" where nothing is, and only another way is told.
        printed: the number that it gives.
        right: the number that this package gives.
        peer: the same number from another hand.
        whose: that hand.
        tolerance: between `right` and `peer`.
        called: the other way.

    >>> one = Printed("E0 one and one", "1 + 1 = 3", 3.0, 2.0, 2.0, "an abacus")
    >>> one.row.ok, one.claim.holds
    (True, False)
    """

    what: str
    says: str
    printed: float
    right: float
    peer: float
    whose: str
    tolerance: float = 1e-5
    called: str = "as printed"

    @property
    def row(self) -> Row:
        """What is right, held against the peer."""
        note = f"reference: {self.whose}; {self.called} {number(self.printed)}"
        return Row(self.what, self.right, self.peer, self.tolerance, note=note)

    @property
    def claim(self) -> Claim:
        """What is printed: it holds if it gives the number of the peer."""
        return Claim(
            f"{self.what.split()[0]}, {self.says}",
            math.isclose(self.printed, self.peer, abs_tol=self.tolerance, rel_tol=0),
            f"it gives {number(self.printed)}, and {number(self.peer)} is right.",
        )
