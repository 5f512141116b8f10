"""Speed of convexviz beside the packages one would use instead. `make bench` runs it; README.md holds one run."""
