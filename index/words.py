"""Words: what a text is about, in Chinese or English, without the words that say nothing.

Chinese is cut by jieba. English gives single words and neighbouring pairs, as
``food delivery`` means more than its parts. Codes (IPv6, 5G, 12315) are words;
other numbers are not.
"""

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jieba

_HAN = re.compile(r"[一-鿿]{2,8}")
_LATIN = re.compile(
    r"[A-Za-z][A-Za-z0-9'’-]*|\d+[A-Za-z][A-Za-z0-9]*|(?<![\d.,])(?!(?:19|20)\d\d(?!\d))\d{4,6}(?![\d.,%])"
)
_WHEN = re.compile(r"(?:year-?)?(?:end|early|late|mid|start)-\d{4}")
_EMPTY_CHINESE = frozenset(
    """
    多少 几个 什么 哪些 哪个 哪里 怎么 怎样 如何 为什么 为何 请问 我国 中国 全国
    国内 报告 一共 总共 大概 大约 分别 目前 现在 那么 这个 那个 这些 那些 是不是
    有没有 是否 一下 告诉 时候 左右 还是 以及 其中 多大 多高 多久 哪几个 哪几 几家
    几款 多少个 我们 他们 它们 截至 截止 数据 显示 来看 方面 为啥 咋样 一年 上一年 前一年
    次年 上年 去年 年底 年末
    """.split()
)
_EMPTY_ENGLISH = frozenset(
    """
    a an the this that these those it its he she they them their theirs we us our you your i me
    my who whom whose which what when where why how and or but nor so if then than as at by for
    from in into of off on onto out over per to up upon via with within without about above
    after again against all also am any are be been before being below between both can could
    did do does doing down during each ever every few had has have having here just let like
    made make many may might more most much must no not now only other own same shall should
    some such tell there through too under until very was were while will would yes china
    chinese report reports according number share percentage percent cent proportion figure
    figures count total give say says said year years show shows please end late early is people
    person persons use uses used using get got old new first last compared versus what's how's
    there's lot lots go goes went come comes came back ever really actually exactly roughly
    """.split()
)


def words(text: str) -> list[str]:
    """Cut a text into its telling words, in order, each once.

    >>> words("How many people use food delivery?")
    ['food', 'food delivery', 'delivery']
    """
    chinese = [word for word in _cut(text) if _HAN.fullmatch(word) and word not in _EMPTY_CHINESE]
    latin = [word.lower() for word in _LATIN.findall(text)]
    found = []
    for position, word in enumerate(latin):
        if word in _EMPTY_ENGLISH or _WHEN.fullmatch(word):
            continue
        found.append(word)
        following = latin[position + 1 : position + 2]
        if following and following[0] not in _EMPTY_ENGLISH:
            found.append(f"{word} {following[0]}")
    return list(dict.fromkeys([*chinese, *found]))


def _cut(text: str) -> list[str]:
    if not _HAN.search(text):
        return []
    return list(_jieba().cut_for_search(text))


@cache
def _jieba() -> "jieba.Tokenizer":
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()
