"""The sections of a report, one module each: answers in, tables and pictures written, what the page shows of them."""
