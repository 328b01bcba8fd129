"""Regions: the provinces of China and the countries of the world, as texts name them.

Provinces are a table of our own, since reports name them by their short forms;
countries come from CLDR through babel.
"""

import re
from functools import cache

_PROVINCES = {
    "北京": "Beijing",
    "天津": "Tianjin",
    "河北": "Hebei",
    "山西": "Shanxi",
    "内蒙古": "Inner Mongolia",
    "辽宁": "Liaoning",
    "吉林": "Jilin",
    "黑龙江": "Heilongjiang",
    "上海": "Shanghai",
    "江苏": "Jiangsu",
    "浙江": "Zhejiang",
    "安徽": "Anhui",
    "福建": "Fujian",
    "江西": "Jiangxi",
    "山东": "Shandong",
    "河南": "Henan",
    "湖北": "Hubei",
    "湖南": "Hunan",
    "广东": "Guangdong",
    "广西": "Guangxi",
    "海南": "Hainan",
    "重庆": "Chongqing",
    "四川": "Sichuan",
    "贵州": "Guizhou",
    "云南": "Yunnan",
    "西藏": "Tibet|Xizang",
    "陕西": "Shaanxi",
    "甘肃": "Gansu",
    "青海": "Qinghai",
    "宁夏": "Ningxia",
    "新疆": "Xinjiang",
    "兵团": "XPCC|Bingtuan|Production and Construction Corps",
    "香港": "Hong Kong",
    "澳门": "Macao|Macau",
    "台湾": "Taiwan",
}
_SPOKEN = {"美国": "America|United States|U.S.|USA|US", "英国": "Britain|UK|U.K."}
_OF_A_NAME = re.compile(
    r"证券交易所|大学(?!生)|冬[奥残]|[奥残]运会|"
    r" (?:Stock Exchange|University|Winter (?:Olymp|Paralymp)|Olymp|Paralymp)"
)
_LEFT_OUT = frozenset({"CN", "HK", "MO", "TW", "UN"})
"""Territories of CLDR that are at home, and the United Nations, which are no place."""


def find_regions(text: str) -> tuple[str, ...]:
    """Give the regions that a Chinese or English text names, by their Chinese names.

    China itself is none, as every report is about it.

    >>> find_regions("How many government websites does Sichuan have? 日本呢？")
    ('四川', '日本')
    """
    return tuple(dict.fromkeys(region for region, _, _ in _named(text)))


def without_region(text: str, region: str) -> str:
    """Give a text without the places where it names a region.

    >>> without_region("北京和上海有多少网站", "北京")
    '和上海有多少网站'
    """
    for name, start, end in reversed(_named(text)):
        if name == region:
            text = text[:start] + text[end:]
    return text


def _named(text: str) -> list[tuple[str, int, int]]:
    """The regions named, each with its start and end, in order; the longest where they overlap."""
    found = [
        (start, _by_opening()[text[start : start + 2]][name], len(name))
        for start in range(len(text) - 1)
        for name in _by_opening().get(text[start : start + 2], ())
        if text.startswith(name, start) and _whole(text, start, name)
        if not _OF_A_NAME.match(text, start + len(name))
    ]
    kept: list[tuple[str, int, int]] = []
    for start, region, length in sorted(found, key=lambda one: (one[0], -one[2])):
        if not kept or start >= kept[-1][2]:
            kept.append((region, start, start + length))
    return kept


def _whole(text: str, start: int, name: str) -> bool:
    """Whether a Latin name stands for itself, not inside a longer word."""
    if not name.isascii():
        return True
    around = text[max(0, start - 1) : start] + text[start + len(name) : start + len(name) + 1]
    return not any(one.isascii() and one.isalpha() for one in around)


@cache
def _by_opening() -> dict[str, dict[str, str]]:
    """Every name with its region's Chinese name, by the name's first two characters."""
    from babel import Locale

    english, chinese = Locale("en").territories, Locale("zh").territories
    known = dict(_PROVINCES)
    for code, name in chinese.items():
        if len(code) == 2 and code not in _LEFT_OUT and re.fullmatch("[一-鿿]{2,}", name):
            known[name] = _SPOKEN.get(name, english[code])
    found: dict[str, dict[str, str]] = {}
    for region, names in known.items():
        for name in (region, *names.split("|")):
            found.setdefault(name[:2], {})[name] = region
    return found
