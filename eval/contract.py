"""Write the JSON Schemas of answers and verdicts into docs (``python -m eval.contract``)."""

import json
from pathlib import Path

from pydantic import BaseModel

from qa import Answer, Verdict

_DOCS = Path(__file__).parent.parent / "docs"
SCHEMAS: dict[Path, type[BaseModel]] = {
    _DOCS / "contract.schema.json": Answer,
    _DOCS / "verdict.schema.json": Verdict,
}


def schema(model: type[BaseModel]) -> str:
    """Give the schema of a model as JSON text."""
    return json.dumps(model.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for path, model in SCHEMAS.items():
        path.write_text(schema(model), encoding="utf-8")
