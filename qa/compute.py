"""Computing: what a question asks for that no report prints, from the figures that they do.

Operands are facts of one kind and unit that the question tells apart, by period, region or
name: 城镇 and 农村, 2020 and 2024. A result is shown with its arithmetic, each operand as the
report prints it, and is checked again before it is shown: the operands by the number check, the
result by doing the sum once more.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from corpus import (
    Fact,
    FactKind,
    Measure,
    Period,
    Quantity,
    Sentence,
    TableRow,
    find_facts,
    same_figure,
    table_facts,
)
from index import Term
from qa.lookup import asked_kinds
from qa.question import Question
from qa.scoring import Scored
from qa.signs import closeness


class Operation(StrEnum):
    """What is to be done with the operands."""

    BEFORE = "before"
    SUM = "+"
    DIFFERENCE = "-"
    MULTIPLE = "times"
    SHARE = "share"
    COMPARE = "compare"


_BACK = (
    r"推算|倒推|往回推|反推|推回|反过来算|work(?:ing|ed)? (?:it )?back|back out|impl(?:y|ied|ies)|"
    r"must .{0,40}have been|derive|infer"
)
_GAP = (
    r"差[了多几]|相差|差距|[高低多少大]出?了?(?:几|多少)|多了|(?<!多)少了|还差|差.{0,4}[几多]|"
    r"\b(?:difference|gap|margin|apart)\b|how (?:much|many) (?:more|less|fewer|higher|lower)|"
    r"by how (?:much|many)|how far (?:ahead|behind)|"
    r"(?:rise|grow|increase|change|add(?:ed)?|move)\b.{0,60}\b(?:from|between)\b|"
    r"(?:除|扣)[了除掉去开].{1,14}(?:外|剩|还)|不[是算含用].{1,14}(?:还[有剩]|多少|几)|"
    r"\b(?:not from|other than|excluding|except|apart from|subtract|minus|rest of|outside)\b"
)
_SUM = (
    r"加起来|加在一起|合起来|合计|之和|加总|一共.{0,6}[和与、]|"
    r"\b(?:together|combined|sum|altogether|added? up|in total)\b"
)
_TIMES = r"[几多少]倍|倍数|how many times|times (?:as|more|bigger|larger)|multiple of"
_PART = r"占.{0,14}(?:几成|多少|百分之几|几分之)|what (?:share|part|fraction|percentage) of"
_EITHER = (
    r"谁|哪[个家种类边样省国年]?.{0,8}[更最多高大少低]|[更还]?是.{1,20}还是|对比|相比|比较|区别|差别|"
    r"各[是占有自]?(?:多少|几)|分别|"
    r"\b(?:compare[ds]?|versus|vs|or|which|whether|than|both|respectively|against|differ)\b"
)
_READ = (
    (Operation.BEFORE, _BACK),
    (Operation.SUM, _SUM),
    (Operation.MULTIPLE, _TIMES),
    (Operation.DIFFERENCE, _GAP),
    (Operation.SHARE, _PART),
    (Operation.COMPARE, _EITHER),
)
_PATTERNS = tuple((one, re.compile(pattern, re.IGNORECASE)) for one, pattern in _READ)
_IN_POINTS = re.compile(r"百分点|几个点|个点|percentage points?|points", re.IGNORECASE)
_IN_NUMBERS = re.compile(
    r"[多几][少]?[万亿]|多少[个家人户元次款项种台件]|人数|用户数|\bhow many\b|\bnumber\b|\busers\b",
    re.IGNORECASE,
)
_LESS = re.compile(r"减少|下降|降低|下滑|回落|缩小|减|降|跌|少")
_COUNTED = frozenset({FactKind.LEVEL, FactKind.SHARE, FactKind.INDEX})
_COMPARED = _COUNTED | {FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE}
_JOINED = re.compile(
    r"还是|[和跟与同及比]|是(?=[^，。]{2,14}的(?:几|多少)[倍成])|、(?=[^、]+$)|加上|加|"
    r"\b(?:and|or|vs\.?|versus|than|against|to|from|over|but not|plus)\b",
    re.IGNORECASE,
)
_BESIDE_YEARS = re.compile(
    r"\d\s*$|年[底末中初]?\s*$|\d月\s*$|[多少涨跌升降增减][了加长高]?\s*$|"
    r"\b(?:up|more|rise|grow)\s*$"
)
_TIME = re.compile(
    r"\s*(?:一年|上[一个]?年|去年|前一?年|同期|上期|年初|上月|\d{4}|[“\"]?十[二三四]五|"
    r"(?:a|one|the|last|previous|prior) (?:year|month|previous|same|end|start)|"
    r"(?:by |in |at |what|how|where|when|why|whether|which)|January|March|June|December)",
    re.IGNORECASE,
)
_SIDE, _WORDS = 14, 5
_CHANGES: dict[Measure | None, frozenset[FactKind]] = {
    Measure.AMOUNT: frozenset({FactKind.CHANGE}),
    Measure.SHARE: frozenset({FactKind.POINTS}),
}
_MOVING = frozenset({FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE})
_SENTENCES = 14
_BEHIND = 7.0
_FACTS = 40
_KIND = 0.3
_ALIKE = 0.8
_NEWEST = 0.3
_YEAR, _TWO_YEARS = 12, 24
_HEADS = frozenset({"", "人", "户", "个", "家", "款"})
_ONE_METRIC = 0.6
_MEASURED = 0.5
_LEAST_APART = 0.2


@dataclass(frozen=True, slots=True)
class Formula:
    """A result of two or more facts: ``facts`` joined by ``sign``, or compared without one.

    Signs are ``+``, ``-``, ``/``, ``%`` for a share and, for the level before a growth rate,
    ``back``. It is ``complete`` if its operands name all that the question names, two things
    or more.
    """

    facts: tuple[Fact, ...]
    sign: str
    result: Quantity | None
    period: Period | None = None
    scored: tuple[Scored, ...] = ()
    complete: bool = False

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that its operands stand in."""
        return tuple(dict.fromkeys(fact.sentence for fact in self.facts))

    def holds(self) -> bool:
        """Whether the arithmetic is right, to the digits shown."""
        if self.result is None:
            return True
        exact = _value(self.sign, [fact.quantity.magnitude for fact in self.facts])
        if exact is None:
            return False
        coarser = max(fact.quantity.last_digit for fact in self.facts) / 10
        digit = (
            max(coarser, self.result.last_digit) if self.sign in "+-" else self.result.last_digit
        )
        return abs(abs(exact) - self.result.magnitude) * 2 <= digit


@dataclass(frozen=True, slots=True)
class Operand:
    """A fact that may be an operand, how well it fits, and which of what is asked it tells."""

    fact: Fact
    scored: Scored
    fit: float
    tells: frozenset[str]


def operation(question: Question) -> Operation | None:
    """What a question asks to be computed or compared, if anything."""
    return next((one for one, pattern in _PATTERNS if pattern.search(question.text)), None)


def compute(
    question: Question,
    ranked: Sequence[Scored],
    terms: Sequence[Term],
    like: Callable[[str], Callable[[Fact], float]],
) -> Formula | None:
    """What a question asks for, of the figures of the sentences ranked for it.

    :param terms: The question's terms.
    :param like: How like a text a metric is, as a cosine.
    """
    asked = operation(question)
    periods = question.bases if asked is Operation.BEFORE else _periods(question)
    if asked is None and len(periods) < 2 and len(question.regions) < 2:
        return None
    if asked is Operation.BEFORE:
        return backwards(ranked, periods, like(question.topic))
    sides = [like(side) for side in alternatives(question.text)]
    named = sides or len(periods) > 1 or len(question.regions) > 1
    if asked in (None, Operation.COMPARE) and not named:
        return None
    simple = asked in (None, Operation.DIFFERENCE, Operation.COMPARE) and not sides
    if (simple and _stated(question, ranked)) or (
        asked is Operation.SHARE and _gives(ranked, FactKind.SHARE)
    ):
        return None
    operands = _operands(question, ranked, terms, like(question.topic))
    found = _best(operands, question, sides, asked or Operation.COMPARE)
    if not found:
        return None
    formula = _formula(asked or Operation.COMPARE, found)
    if formula is None or not formula.holds():
        return None
    return replace(formula, complete=_tells_all(found, terms))


def _gives(ranked: Sequence[Scored], kind: FactKind) -> bool:
    """Whether one of the best sentences gives a figure of a kind."""
    return any(fact.kind is kind for one in ranked[:2] for fact in facts_of(one))


def _stated(question: Question, ranked: Sequence[Scored]) -> bool:
    """Whether the best sentence states the change that is asked for: it beats a difference."""
    wanted = _measure(question.text)
    changes = _CHANGES.get(wanted, frozenset({FactKind.CHANGE, FactKind.GROWTH, FactKind.POINTS}))
    kinds = changes & set(asked_kinds(question))
    if not kinds or not ranked:
        return False
    facts = facts_of(ranked[0])
    return any(
        fact.kind in kinds and (not question.bases or _since(fact, question)) for fact in facts
    )


def _since(fact: Fact, question: Question) -> bool:
    """Whether a change is counted from a period that the question names."""
    base = fact.base
    return base is not None and any(base.answers(asked) for asked in question.bases)


def alternatives(text: str) -> tuple[str, ...]:
    """What stands on both sides of the word that joins two things, or nothing.

    >>> alternatives("江苏和浙江的政府网站差多少")
    ('江苏', '浙江的政府网站差多少')
    """
    joined = next(
        (
            one
            for one in _JOINED.finditer(text)
            if not _BESIDE_YEARS.search(text[: one.start()]) and not _TIME.match(text[one.end() :])
        ),
        None,
    )
    if joined is None:
        return ()
    left, right = text[: joined.start()], text[joined.end() :]
    if re.search("[一-鿿]", text):
        return re.split("[，。；、：]", left)[-1][-_SIDE:], re.split("[，。；？]", right)[0][:_SIDE]
    return " ".join(left.split()[-_WORDS:]), " ".join(right.split()[:_WORDS])


def _operands(
    question: Question,
    ranked: Sequence[Scored],
    terms: Sequence[Term],
    likeness: Callable[[Fact], float],
) -> list[Operand]:
    """The facts of the best sentences, with what each tells of what is asked."""
    if not ranked:
        return []
    periods = _periods(question)
    kinds = asked_kinds(question)
    wanted = _measure(question.text)
    found: dict[tuple[str, Decimal, Period | None], Operand] = {}
    top = ranked[0].score
    for one in ranked[:_SENTENCES]:
        if one.score < top - _BEHIND:
            break
        for fact in facts_of(one):
            if fact.kind not in _COMPARED:
                continue
            label = fact.metric.lower()
            tells = {term.word for term in terms if closeness(term, label) > 0}
            tells |= {name for name in question.regions if name in label}
            spoken = (fact.period,) if fact.period else one.periods
            tells |= {
                str(asked) for asked in periods if any(given.answers(asked) for given in spoken)
            }
            fit = likeness(fact) + one.score / 10 + _KIND * (fact.kind in kinds)
            if wanted is not None and fact.quantity.measure is wanted:
                fit += _MEASURED
            key = (fact.metric, fact.quantity.magnitude, fact.period)
            if key not in found or found[key].fit < fit:
                found[key] = Operand(fact, one, fit, frozenset(tells))
    return sorted(found.values(), key=lambda one: -one.fit)[:_FACTS]


def _best(
    operands: Sequence[Operand],
    question: Question,
    sides: Sequence[Callable[[Fact], float]],
    asked: Operation,
) -> tuple[Operand, ...]:
    """The two operands that fit best and are told apart by what is asked, or more for a sum."""
    periods = frozenset(str(one) for one in _periods(question))
    named = periods | set(question.regions)
    moving = _MOVING & set(asked_kinds(question)) if asked is Operation.COMPARE else frozenset()
    alone = not sides and asked is Operation.DIFFERENCE
    newest = max((_last(one) for one in operands), default=0)
    best: tuple[float, tuple[Operand, ...]] = (0.0, ())
    for pair in combinations(operands, 2):
        if not _joinable(pair[0].fact, pair[1].fact, asked):
            continue
        if moving and not {pair[0].fact.kind, pair[1].fact.kind} <= moving:
            continue
        if not _timely(pair, periods, alone):
            continue
        apart = _apart(pair, named, sides)
        if apart < _LEAST_APART:
            continue
        alike = _alike(pair[0].fact, pair[1].fact)
        if not sides and not question.regions and alike < _ONE_METRIC:
            continue
        score = sum(one.fit for one in pair) + _ALIKE * alike + min(apart, 1.0)
        if not periods and all(_last(one) == newest for one in pair):
            score += _NEWEST
        if score > best[0]:
            best = (score, pair)
    chosen = best[1]
    if chosen and (asked is Operation.SUM or len(named) > 2):
        chosen = _more(chosen, operands, asked)
    return chosen


def _periods(question: Question) -> tuple[Period, ...]:
    """The periods that a question names; of a stretch of years, the first and the last."""
    found: list[Period] = []
    for one in (*question.periods, *question.bases):
        if one.last - one.first >= _TWO_YEARS - 1:
            found += [
                replace(one, last=one.first + _YEAR - 1),
                replace(one, first=one.last - _YEAR + 1),
            ]
        else:
            found.append(one)
    return tuple(found)


def _measure(text: str) -> Measure | None:
    """What kind of figure a difference is wanted of: shares for points, amounts for a count."""
    if _IN_POINTS.search(text):
        return Measure.SHARE
    return Measure.AMOUNT if _IN_NUMBERS.search(text) else None


def _last(one: Operand) -> int:
    return one.fact.period.last if one.fact.period else 0


def _timely(pair: Sequence[Operand], periods: frozenset[str], alone: bool) -> bool:
    """Whether two operands are of the periods asked for: both of one, or each of its own.

    :param alone: One thing is asked about, so that a table's row may give both.
    """
    told = [one.tells & periods for one in pair]
    if len(periods) > 1 and told[0] and told[1] and told[0] != told[1]:
        return True
    if pair[0].fact.metric == pair[1].fact.metric and len(periods) < 2:
        row = isinstance(pair[0].fact.sentence, TableRow)
        return alone and row and pair[0].fact.sentence == pair[1].fact.sentence
    if periods and not (told[0] and told[1]):
        return False
    return pair[0].fact.period == pair[1].fact.period or bool(periods)


def _apart(
    pair: Sequence[Operand], named: frozenset[str], sides: Sequence[Callable[[Fact], float]]
) -> float:
    """How clearly two operands are the two things asked about."""
    one, other = pair
    if one.fact.metric == other.fact.metric and one.fact.sentence == other.fact.sentence:
        return 1.0
    own = len(one.tells - other.tells), len(other.tells - one.tells)
    if (one.tells & named) != (other.tells & named) and all(own):
        return 1.0
    found = 0.3 if all(own) else 0.0
    if len(sides) == 2:
        mine, theirs = one.fact, other.fact
        straight = sides[0](mine) + sides[1](theirs)
        crossed = sides[0](theirs) + sides[1](mine)
        found += abs(straight - crossed)
    return found


def _more(
    chosen: tuple[Operand, ...], operands: Sequence[Operand], asked: Operation
) -> tuple[Operand, ...]:
    """Further operands, each of which tells something that those chosen do not."""
    for one in operands:
        told = frozenset(word for other in chosen for word in other.tells)
        if one.tells - told and all(_joinable(one.fact, other.fact, asked) for other in chosen):
            chosen = (*chosen, one)
    return chosen


def _joinable(one: Fact, other: Fact, asked: Operation) -> bool:
    """Whether two facts may be set against each other: another thing of the same kind."""
    mine, theirs = one.quantity, other.quantity
    if one.metric == other.metric and one.period == other.period:
        return False
    if bool(one.whole) is not bool(other.whole) or _is_one(one, other):
        return False
    if mine.measure is not theirs.measure:
        return False
    if asked is Operation.COMPARE:
        return one.kind is other.kind and _same_unit(mine, theirs)
    if one.kind not in _COUNTED or one.kind is not other.kind:
        return False
    return _same_unit(mine, theirs) or asked in (Operation.MULTIPLE, Operation.SHARE)


def _is_one(one: Fact, other: Fact) -> bool:
    """Whether two facts give one figure for one time, in other words or places."""
    if not same_figure(one.quantity, other.quantity) or not (one.period and other.period):
        return False
    return one.period.answers(other.period) or other.period.answers(one.period)


def _same_unit(mine: Quantity, theirs: Quantity) -> bool:
    if mine.unit == theirs.unit:
        return True
    return bool({mine.unit, theirs.unit} <= _HEADS)


def _alike(one: Fact, other: Fact) -> float:
    """How alike two metrics are worded, from 0 to 1: parallel items are."""
    here, there = set(one.metric), set(other.metric)
    return len(here & there) / max(1, len(here | there)) + 0.2 * (one.sentence == other.sentence)


def _tells_all(found: Sequence[Operand], terms: Sequence[Term]) -> bool:
    """Whether some operands name all of the glossary's terms of a question, two or more."""
    named = {term.word for term in terms if term.kind not in ("", "place")}
    told = frozenset(word for one in found for word in one.tells)
    return len(named) > 1 and named <= told


def _formula(asked: Operation, found: Sequence[Operand]) -> Formula | None:
    facts = tuple(one.fact for one in found)
    scored = tuple(dict.fromkeys(one.scored for one in found))
    larger, smaller = sorted(facts[:2], key=lambda fact: -fact.quantity.magnitude)
    if asked is Operation.SUM:
        result = facts[0].quantity
        for fact in facts[1:]:
            result = _sum(result, fact.quantity, 1)
        return Formula(facts, "+", result, None, scored)
    if len(facts) > 2:
        return Formula(facts, "", None, None, scored)
    if asked in (Operation.MULTIPLE, Operation.SHARE):
        if not smaller.quantity.magnitude:
            return None
        pair = (larger, smaller) if asked is Operation.MULTIPLE else (smaller, larger)
        exact = pair[0].quantity.magnitude / pair[1].quantity.magnitude
        if asked is Operation.MULTIPLE:
            result = Quantity(_rounded(exact, 3), Decimal(1), "倍", -1, -1)
        else:
            result = Quantity(_rounded(exact * 100, 3), Decimal(1), "%", -1, -1)
        return Formula(pair, "/" if asked is Operation.MULTIPLE else "%", result, None, scored)
    if larger.kind in (FactKind.GROWTH, FactKind.POINTS, FactKind.CHANGE):
        return Formula(facts, "", None, None, scored)
    result = _sum(larger.quantity, smaller.quantity, -1)
    if larger.quantity.measure is Measure.SHARE:
        result = replace(result, unit="个百分点")
    if asked is Operation.COMPARE and larger.kind is FactKind.INDEX:
        return Formula(facts, "", None, None, scored)
    return Formula((larger, smaller), "-", result, None, scored)


def wants_level(question: Question) -> bool:
    """Whether a question asks how much there was, not how much that changed."""
    return asked_kinds(question)[0] is FactKind.LEVEL and operation(question) is None


def earlier(question: Question) -> Question:
    """A question for a past level as one for the sentence that tells what changed since then."""
    return replace(question, periods=(), bases=question.periods or question.bases)


def states(ranked: Sequence[Scored], periods: Collection[Period]) -> Scored | None:
    """The best sentence, if it gives a level for one of some periods."""
    levels = (FactKind.LEVEL, FactKind.SHARE)
    return next(
        (
            one
            for one in ranked[:1]
            for fact in facts_of(one)
            if fact.kind in levels
            and fact.period
            and any(fact.period.answers(asked) for asked in periods)
        ),
        None,
    )


def backwards(
    ranked: Sequence[Scored], periods: Collection[Period], likeness: Callable[[Fact], float]
) -> Formula | None:
    """The level before a change or a growth rate, of the first sentence that gives both.

    :param periods: The level is asked for one of these; for any if there are none.
    :param likeness: How like the question a metric is.
    """
    for one in ranked[:3]:
        found = (
            None
            if isinstance(one.sentence, TableRow)
            else _before(
                sorted(
                    facts_of(one),
                    key=lambda fact: (-round(likeness(fact), 2), fact.quantity.last_digit),
                )
            )
        )
        if found is None or not found.holds():
            continue
        base = found.period
        if not periods or (base and any(base.answers(asked) for asked in periods)):
            return replace(found, scored=(one,))
    return None


def facts_of(one: Scored) -> tuple[Fact, ...]:
    """The facts of a sentence or row, read in its passage."""
    return tuple(_facts(one))


def _facts(one: Scored) -> Iterator[Fact]:
    if isinstance(one.sentence, TableRow):
        until = one.periods[0] if one.periods else None
        for fact in table_facts(one.sentence.table, until):
            if fact.sentence == one.sentence:
                yield fact
        return
    year = one.periods[0].last // 12 if one.periods else None
    for fact in find_facts(one.sentence.passage, year):
        if fact.sentence.start == one.sentence.start:
            yield fact


def _before(facts: Sequence[Fact]) -> Formula | None:
    """The level before a change: 24.6万家 less 3.3万家, or 7.43亿 over 1 + 31.6%."""
    for level in facts:
        if level.kind not in (FactKind.LEVEL, FactKind.SHARE):
            continue
        kinds = (
            (FactKind.CHANGE, FactKind.GROWTH)
            if level.kind is FactKind.LEVEL
            else (FactKind.POINTS,)
        )
        changes = [
            fact
            for kind in kinds
            for fact in facts
            if fact.kind is kind
            and fact.metric == level.metric
            and fact.quantity.start > level.quantity.start
        ]
        if not changes:
            continue
        change = changes[0]
        if change.kind is FactKind.GROWTH:
            rate = -change.quantity.magnitude if _fell(change) else change.quantity.magnitude
            if rate <= -100:
                continue
            exact = level.quantity.value / (1 + rate / 100)
            digits = len(level.quantity.value.normalize().as_tuple().digits)
            result = replace(
                level.quantity, value=_rounded(exact, max(3, digits)), start=-1, end=-1
            )
            return Formula((level, change), "back-" if rate < 0 else "back", result, change.base)
        sign = "+" if _fell(change) else "-"
        result = _sum(level.quantity, change.quantity, 1 if sign == "+" else -1)
        return Formula((level, change), sign, result, change.base)
    return None


def _value(sign: str, operands: Sequence[Decimal]) -> Decimal | None:
    """What a formula comes to."""
    first, *others = operands
    if sign == "+":
        return first + sum(others)
    if sign == "-":
        return first - sum(others)
    if sign in ("/", "%"):
        return None if not others[0] else first / others[0] * (100 if sign == "%" else 1)
    rate = others[0] / 100
    return first / (1 + (rate if sign == "back" else -rate))


def _sum(first: Quantity, second: Quantity, factor: int) -> Quantity:
    """A quantity with another added or taken away, in the scale of the first.

    Of operands that are not equally exact, one digit more than the coarser prints.
    """
    total = abs(first.magnitude + factor * second.magnitude)
    digit = max(first.last_digit, second.last_digit) / 10
    if min(first.last_digit, second.last_digit) < digit:
        total = (total / digit).to_integral_value() * digit
    value = total / first.scale
    unit = first.unit if first.unit not in ("成", "分之") else "%"
    return Quantity(_plain(value), first.scale, unit or second.unit, -1, -1)


def _rounded(number: Decimal, digits: int) -> Decimal:
    """A number to so many significant digits."""
    if not number:
        return number
    return _plain(round(number, digits - 1 - number.adjusted()))


def _plain(value: Decimal) -> Decimal:
    bare = value.normalize()
    return bare.quantize(Decimal(1)) if bare == bare.to_integral() else bare


def _fell(change: Fact) -> bool:
    text = change.sentence.text[: change.quantity.start]
    return bool(_LESS.search(re.split("[，；。]", text)[-1]))
