"""Figures: results in, plotly figures out. Nothing here solves anything or knows of streamlit."""
