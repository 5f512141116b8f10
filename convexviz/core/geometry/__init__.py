"""Convex geometry of ReLU layers: rectified ellipsoids, their hulls and polars, spike-free data, extreme points.

Ergen & Pilanci (2021), Convex Geometry and Duality of Over-parameterized Neural Networks.
"""
