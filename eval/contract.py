"""Write the JSON Schema of answers to docs/contract.schema.json (``python -m eval.contract``)."""

import json
from pathlib import Path

from qa import Answer

SCHEMA = Path(__file__).parent.parent / "docs" / "contract.schema.json"


def schema() -> str:
    """Give the schema of an answer as JSON text."""
    return json.dumps(Answer.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
