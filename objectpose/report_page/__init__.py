"""A report as a folder of HTML that opens from the file system: tables, figures, a failure gallery, a pose explorer.

It knows nothing of how findings are made: whoever makes them fills a :class:`Report`.
"""

from objectpose.report_page.content import Answers, Column, Item, Picture, Report, Section, Table
from objectpose.report_page.write import write_report

__all__ = ["Answers", "Column", "Item", "Picture", "Report", "Section", "Table", "write_report"]
