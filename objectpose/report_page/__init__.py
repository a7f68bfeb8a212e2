"""A report as a folder of HTML that opens from the file system: tables, figures, a failure gallery, a pose explorer.

It knows nothing of how findings are made: whoever makes them fills a :class:`Report`.
"""

from objectpose.report_page.content import Answers, Column, Item, Picture, Report, Section, Table, Video
from objectpose.report_page.video_choice import Choice, Filming, plan_videos
from objectpose.report_page.videos import write_videos
from objectpose.report_page.write import write_report

__all__ = [
    "Answers",
    "Choice",
    "Column",
    "Filming",
    "Item",
    "Picture",
    "Report",
    "Section",
    "Table",
    "Video",
    "plan_videos",
    "write_report",
    "write_videos",
]
