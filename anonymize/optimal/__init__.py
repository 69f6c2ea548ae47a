"""The exact choice of what to hide: a mixed-integer program by Benders cuts, and the heuristics it starts from."""

from anonymize.optimal.choice import QUICK, Budget, Optimum, optimum

__all__ = ["QUICK", "Budget", "Optimum", "optimum"]
