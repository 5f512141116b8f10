"""A report as HTML for notebooks: no script, no style sheet, the notebook's own ink, so that dark ones work as well."""

from __future__ import annotations

from html import escape

from .picture import picture
from .words import Report

SEAL = {True: "✓", False: "○"}
INK = {True: "#009E73", False: "#D55E00"}


def page(report: Report) -> str:
    """Verdict, numbers and picture beside one another."""
    cell = "text-align:left;padding:0 12px 0 0;border:0;background:none;font-weight:normal"
    rows = "".join(
        f'<tr style="background:none"><th scope="row" style="{cell};opacity:.7">{escape(name)}</th>'
        f'<td style="{cell}">{escape(value)}</td></tr>'
        for name, value in report.rows
    )
    seal = f'<b style="color:{INK[report.proved]}">{SEAL[report.proved]} {escape(report.verdict)}</b>'
    told = f'<div style="margin-bottom:4px">{seal}<span style="opacity:.8">: {escape(report.meaning)}</span></div>'
    plain = "color:inherit;font-size:inherit;border:0;margin:0;font-variant-numeric:tabular-nums"
    both = f'<table style="{plain}">{rows}</table>{picture(report.network)}'
    inner = f'<div style="display:flex;gap:24px;align-items:center;flex-wrap:wrap">{both}</div>'
    return f'<div style="font-family:system-ui,sans-serif;font-size:13px">{told}{inner}</div>'
