"""Every tolerance of the tests of the mathematics, each with its reason."""

GAP = 1e-6  # relative gap at which the package calls a network certified
SAME = 1e-9  # one formula evaluated twice in float64, relative
INDEPENDENT = 1e-6  # two solvers on one problem: both certified to about this, relative
CONSTRAINT = 1e-8  # violation of f = y or y f >= 1 that counts as met, relative to the targets
ROUNDING = 16 * 2.0**-52  # times the size of the summed terms: rounding of a sum of a few dozen of them
INSIDE = 1e-7  # an envelope against a linear program, relative to the spread of the values
WEAK_DUALITY = 1e-9  # lower bounds may exceed an objective by rounding only, relative
