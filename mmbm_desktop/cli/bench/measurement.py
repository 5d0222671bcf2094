"""One measured number, its unit, and the limit it is to keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """`more_is_better` says on which side of the limit the number is to lie; no limit means that it is only told."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """Number over limit, turned so that above 1 is within the limit."""
        if self.limit is None or not self.value:
            return None
        return self.value / self.limit if self.more_is_better else self.limit / self.value

    def record(self) -> dict[str, object]:
        """Return the JSON record."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "limit": self.limit,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
        }

    def line(self) -> str:
        """Return the line for a terminal."""
        text = f"{self.name:<44} {self.value:>10.1f} {self.unit}"
        if self.limit is None or self.ratio is None:
            return text
        return f"{text}   (limit {self.limit:g} {self.unit}, {self.ratio:.1f}x within)"
