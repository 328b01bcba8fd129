"""Rankings: lists whose order is a rank: 浙江、北京、上海等3个省（市）位列…水平前3名.

A list is a ranking only if it has as many items as it says there are places.
"""

import re
from dataclasses import dataclass

_LIST = re.compile(
    r"(?P<items>[^，。；：、等]{1,12}(?:、[^，。；：、等]{1,12})+)"
    r"(?:等(?:\s*\d+\s*个)?(?:省份|地区|城市|国家|企业|省|市)?(?:（[^（）]*）)?)?"
    r"(?P<before>[^，。；：、]*?)(?:位列|位居|排名|名列|列)(?P<behind>[^，。；：]*?)"
    r"前\s*(?P<count>\d+|[三四五六七八九十])\s*[名位]"
)
_NUMERALS = {name: value for value, name in enumerate("一二三四五六七八九十", 1)}
_AMONG = re.compile(r"各[省市地国](?:（[^（）]*）|[区份])?|我国|全国|全球|世界|的")


@dataclass(frozen=True, slots=True)
class Placed:
    """An item of a ranking with its place; ``text[start:end]`` names it."""

    item: str
    place: int
    measure: str
    start: int
    end: int


def find_rankings(text: str) -> tuple[Placed, ...]:
    """Give the items of a text's rankings, in order, each with its place and what it is by.

    >>> [(p.item, p.place) for p in find_rankings("浙江、北京、上海等地区发展水平位居全国前3名")]
    [('浙江', 1), ('北京', 2), ('上海', 3)]
    """
    found: list[Placed] = []
    for match in _LIST.finditer(text):
        items = list(re.finditer("[^、]+", match["items"]))
        count = int(match["count"]) if match["count"].isdecimal() else _NUMERALS[match["count"]]
        measure = _AMONG.sub("", match["before"] + match["behind"]).strip()
        if len(items) != count or not measure:
            continue
        start = match.start("items")
        found += [
            Placed(item[0], place, measure, start + item.start(), start + item.end())
            for place, item in enumerate(items, 1)
        ]
    return tuple(found)
