"""Languages: whether a text is Chinese or English."""

import re

from qa.contract import Language

HAN = re.compile(r"[一-鿿]")
LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")


def language_of(text: str) -> Language:
    """Say whether a text is Chinese or, with Chinese words or without, English."""
    return "zh" if len(HAN.findall(text)) > len(LATIN_WORD.findall(text)) else "en"
