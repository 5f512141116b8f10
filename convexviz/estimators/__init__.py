"""scikit-learn's face of `convexviz.solve`: ConvexReLURegressor and ConvexReLUClassifier."""

from .classifier import ConvexReLUClassifier
from .regressor import ConvexReLURegressor

__all__ = ["ConvexReLUClassifier", "ConvexReLURegressor"]
