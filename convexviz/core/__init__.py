"""The mathematics: networks, losses, certificates, oracles and solvers.

On numpy, scipy, cvxpy with Clarabel, HiGHS and scikit-learn; neither plotly nor streamlit.
"""
