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
_SPOKEN = {"美国": "America|United States|U\\.S\\.|USA|US", "英国": "Britain|UK|U\\.K\\."}
_AT_HOME = frozenset({"CN", "HK", "MO", "TW"})


def find_regions(text: str) -> tuple[str, ...]:
    """Give the regions that a Chinese or English text names, by their Chinese names.

    China itself is none, as every report is about it.

    >>> find_regions("How many government websites does Sichuan have? 日本呢？")
    ('四川', '日本')
    """
    if not re.search("[A-Za-z]", text) and _openings().isdisjoint(
        text[i : i + 2] for i in range(len(text) - 1)
    ):
        return ()
    names, pattern = _pattern()
    found = (names[match.lastindex or 0] for match in pattern.finditer(text))
    return tuple(dict.fromkeys(found))


@cache
def _openings() -> frozenset[str]:
    """The first two characters of every Chinese name."""
    return frozenset(name[:2] for name in _pattern()[0] if name)


@cache
def _pattern() -> tuple[tuple[str, ...], "re.Pattern[str]"]:
    """Every name as one alternative, the longest first: 印度尼西亚 is not 印度."""
    from babel import Locale

    english, chinese = Locale("en").territories, Locale("zh").territories
    known = dict(_PROVINCES)
    for code, name in chinese.items():
        if len(code) == 2 and code not in _AT_HOME and re.fullmatch("[一-鿿]{2,}", name):
            known[name] = _SPOKEN.get(name, re.escape(english[code]))
    names = sorted(known, key=len, reverse=True)
    choices = (rf"({name}|(?<![A-Za-z])(?:{known[name]})(?![A-Za-z]))" for name in names)
    return ("", *names), re.compile("|".join(choices))
