"""The mathematics: networks, losses, certificates, oracles and solvers. numpy, scipy and cvxpy only."""
