"""Turns: what a turn of a conversation takes from the turns before it."""

import re
from collections.abc import Sequence

from corpus import Period, find_periods, load_glossary
from index.words import words
from qa.language import HAN, LATIN_WORD, language_of

_OPENS_LEANING = re.compile(
    r"(?:那|那么|然后|还有|再|以及|换(?!个?话题)|占|只[看算要说]|里[头面边]|光|单|[一总]共|累计|被|合(?![资作同计并适])|折合|折成|相当于|这么|照这|摊到|平均到|翻成|剩下?的?|还剩|余下)|"
    r"(?:[比较跟和与同])[^，。？?]{0,6}?(?:年|月|季度?|半年)|"
    r"(?:and|what about|how about|or|then|but|in that|so|now|same|only|just|put|make|"
    r"up|down|more|fewer|less|higher|lower|compared|as an? (?:share|percentage|proportion)|with)\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"呢[？?]?$|呢[，,]|它|其中|这[个占些项里是么样种俩]|原来|那[个些项里]|那一项|他们|上面|刚才|前者|后者|同期|"
    r"[一次翌]年之?以?[后前]|次年|翌年|上一年|前一年|[当同那]年|同一年|[里其]头|折成|换算|"
    r"\b(?:it|its|they|them|their|that|those|this|these|former|latter|same|later|earlier|following)\b",
    re.IGNORECASE,
)
_THE_LAST = re.compile(
    r"后一[个项]|后面[这那]?[个项]|后者|"
    r"\bthe latter\b|\bthat (?:second|last) one\b|\bthe second one\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"占(?:全部|所有|整个)?$|\b(?:of|among) (?:all |the |its )?$", re.IGNORECASE)
_REST_OF_PERIOD = re.compile(r"年?[底末初]?")
_SHORT_HAN, _MIDDLING_HAN = 7, 20
_SHORT_WORDS, _MIDDLING_WORDS = 7, 14
_TELLING = 3
_REPLACE = ({"place"}, {"firm", "body", "thing"}, {"group"}, {"metric", "concept"})


def leans(text: str) -> bool:
    """Whether a turn makes sense only after the ones before it."""
    if _THE_LAST.search(text) or _OPENS_LEANING.match(text):
        return True
    if language_of(text) == "zh":
        length, short, middling = len(HAN.findall(text)), _SHORT_HAN, _MIDDLING_HAN
    else:
        length, short, middling = len(LATIN_WORD.findall(text)), _SHORT_WORDS, _MIDDLING_WORDS
    return length <= short or (length <= middling and refers(text))


def refers(text: str) -> bool:
    """Whether a turn points at what was said before: 其中, "of those", 呢."""
    return bool(_OPENS_LEANING.match(text) or _LEANS.search(text) or _THE_LAST.search(text))


def names_metric(text: str) -> bool:
    """Whether a text names what is measured by a term of the glossary."""
    return any(one.entry.kind == "metric" for one in load_glossary().find(text))


def since_last_topic(earlier: Sequence[str], text: str) -> list[str]:
    """The earlier turns that a turn may lean on: from the last one that stood by itself.

    Of 看电视剧的呢 and then 后一个涨了多少, the second leans on the first of them alone.
    """
    if earlier and _THE_LAST.search(text) and not leans(earlier[-1]):
        return list(earlier[-1:])
    alone = [place for place, turn in enumerate(earlier) if not leans(turn) and _tells(turn)]
    return list(earlier[alone[-1] :] if alone else earlier)


def _tells(turn: str) -> bool:
    """Whether a turn says what it is about: a metric of the glossary, or some words of its own."""
    return names_metric(turn) or len(words(turn)) >= _TELLING


def topic_of(earlier: Sequence[str], text: str) -> str:
    """What a leaning turn asks, with the turns that it leans on.

    What it names takes the place of what they name of the same kind: of 2020年电信有多少地址 and
    2024年联通呢 stays 有多少地址 2024年联通呢.
    """
    kept: list[str] = []
    later = [text]
    for turn in reversed(earlier):
        kept.insert(0, _without_replaced(turn, later))
        later.append(turn)
    return " ".join([*(turn for turn in kept if turn), text])


def _without_replaced(turn: str, later: Sequence[str]) -> str:
    named = {
        one.entry.kind
        for other in later
        for one in load_glossary().find(other)
        if not _WHOLE.search(other[: one.start])
    }
    replaced = [
        (one.start, one.end)
        for one in load_glossary().find(turn)
        if any(one.entry.kind in kinds and kinds & named for kinds in _REPLACE)
    ]
    if any(find_periods(other) for other in later):
        replaced += [(one.start, _end(turn, one)) for one in find_periods(turn)]
    kept, upto = "", 0
    for start, end in sorted(replaced):
        kept += turn[upto : max(upto, start)] + " "
        upto = max(upto, end)
    return " ".join((kept + turn[upto:]).split())


def _end(turn: str, period: Period) -> int:
    rest = _REST_OF_PERIOD.match(turn, period.end)
    return rest.end() if rest else period.end
