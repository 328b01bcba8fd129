"""The corpus: reports and what is read from them.

Reports come in as files; passages, sentences, quantities and periods go out,
each with its place in the report's source. Nothing here knows of questions.
"""

from corpus.catalog import REPORTS, digits_per_clause, load_report, load_reports, numbers_lost
from corpus.english import differences
from corpus.facts import Fact, find_facts, report_facts, table_facts
from corpus.figures import MOVING_KINDS, FactKind, figures, kind_of
from corpus.glossary import GLOSSARY, Glossary, GlossaryEntry, Mention, load_glossary
from corpus.ledger import Entry, Use, count_digits, ledger
from corpus.period import Period, Relation, find_periods, main_periods, parse_month
from corpus.quantity import Measure, Quantity, find_quantities
from corpus.reader import blocks, passages
from corpus.records import (
    Block,
    Clean,
    CorpusError,
    Edition,
    Kind,
    Passage,
    Rendering,
    Report,
    Sentence,
    Span,
)
from corpus.regions import find_regions, without_region
from corpus.sentences import quotable, sentences
from corpus.statistic import Statistic, canonical, find_statistics, same_figure
from corpus.tables import Cell, Column, Row, Table, TableError, TableRow, read_table, unit_of
from corpus.timing import year_before

__all__ = [
    "GLOSSARY",
    "MOVING_KINDS",
    "REPORTS",
    "Block",
    "Cell",
    "Clean",
    "Column",
    "CorpusError",
    "Edition",
    "Entry",
    "Fact",
    "FactKind",
    "Glossary",
    "GlossaryEntry",
    "Kind",
    "Measure",
    "Mention",
    "Passage",
    "Period",
    "Quantity",
    "Relation",
    "Rendering",
    "Report",
    "Row",
    "Sentence",
    "Span",
    "Statistic",
    "Table",
    "TableError",
    "TableRow",
    "Use",
    "blocks",
    "canonical",
    "count_digits",
    "differences",
    "digits_per_clause",
    "figures",
    "find_facts",
    "find_periods",
    "find_quantities",
    "find_regions",
    "find_statistics",
    "kind_of",
    "ledger",
    "load_glossary",
    "load_report",
    "load_reports",
    "main_periods",
    "numbers_lost",
    "parse_month",
    "passages",
    "quotable",
    "read_table",
    "report_facts",
    "same_figure",
    "sentences",
    "table_facts",
    "unit_of",
    "without_region",
    "year_before",
]
