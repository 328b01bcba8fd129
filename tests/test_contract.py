from eval.contract import SCHEMAS, schema
from qa import Answer, Citation, Value


def test_the_published_schema_is_that_of_the_models() -> None:
    for path, model in SCHEMAS.items():
        assert path.read_text(encoding="utf-8") == schema(model)


def test_the_fields_are_those_of_the_design() -> None:
    assert list(Answer.model_fields) == [
        "question",
        "language",
        "status",
        "text",
        "values",
        "citations",
        "reason",
        "timings_ms",
    ]
    assert list(Value.model_fields) == [
        "value",
        "unit",
        "magnitude",
        "period",
        "role",
        "citation",
    ]
    assert list(Citation.model_fields) == [
        "marker",
        "report",
        "title",
        "section",
        "start",
        "end",
        "quote",
        "english",
    ]
