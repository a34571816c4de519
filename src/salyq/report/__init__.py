"""A result to hand over: one report of a case as HTML, PDF or a workbook (docs/guide.md)."""
