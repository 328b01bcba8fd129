"""Attribution: where a question says that its answer is told, which is no part of what it asks.

Of 按2020年那份数字中国报告，… or "…, per the 2020 Digital China report" the report's name would
find the sentences that speak of the report itself.
"""

import re

_NAMED = (
    r"(?:CNNIC|数字中国|第[一二三四五六七八九十\d]+次|(?<!\d)\d{2,4}年?[底末]?|今年|去年|"
    r"[这那]份?|该|本)的?"
)
_TOLD_BY = r"(?:说到?的?|承认|提到的?|认为|觉得|显示|指出|讲的?|归纳的?|推算|来看|说说)?[，,：:]?"
_CHINESE = re.compile(
    r"(?:(?<![一-鿿])(?:按照?|根据|依据|据|照|看|在|从)?|(?:按照?|根据|依据|据|照|看|在|从))"
    rf"(?:{_NAMED})*(?:统计|发展)?报告"
    r"(?=里|中|上|自己|[也还]?[承提点认觉显指讲归推举给怎咋具]|[，,：:]|$)"
    rf"(?:里面?|中|上|自己|也|还|都)*{_TOLD_BY}"
)
_KNOWN = r"(?:(?:[A-Z][\w'’-]*|\d{4}|latest|same|annual|digital|china|chinese)\s+){0,5}"
_SAYS = r"(?:say|credit|mention|name|list|give|describe)"
_ENGLISH = re.compile(
    r",?\s*\b(?:acc?ording to|as told in|per|going by|based on|in|from|by)\s+"
    rf"(?:(?:the|this|that)\s+)?{_KNOWN}reports?\b(?!['’])"
    r"(?:\s+(?:on|for|covering|of)\s+\d{4})?,?"
    r"|,?\s*\b(?:acc?ording to|per)\s+CNNIC\b(?!['’]),?"
    rf"|\b(?:does|did)\s+the\s+(?:\d{{4}}\s+)?report\s+{_SAYS}\b"
    rf"|\b(?:that\s+)?the\s+(?:\d{{4}}\s+)?report\s+{_SAYS}s\b"
)
_FEWEST = 5


def unattributed(text: str) -> str:
    """A question without the words that say which report tells its answer.

    It stays as it is where little else would be left, or where it speaks of two reports.

    >>> unattributed("按2020年那份数字中国报告，“十四五”期间准备怎么管互联网大平台？")
    '“十四五”期间准备怎么管互联网大平台？'
    """
    if len(re.findall(r"报告|\breports?\b", text)) > 1:
        return text
    bare = _ENGLISH.sub(" ", _CHINESE.sub("", text)).strip()
    words = re.findall(r"[一-鿿]|[A-Za-z]+", bare)
    return re.sub(r"\s{2,}", " ", bare) if len(words) >= _FEWEST else text
