from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.core.query_foreign import is_plain_word
from gitreg.core.query_format import format_query
from gitreg.core.query_parse import parse_query
from gitreg.errors import SyntaxFault


def advice(text: str) -> str:
    """What a person sees of a query that is none: the text with a caret in it, what is wrong, and the hint."""
    with pytest.raises(SyntaxFault) as caught:
        parse_query(text)
    position = caught.value.position
    return f"{text[:position]}^{text[position:]} | {caught.value.expected} | {caught.value.hint}"


def test_signs_of_other_query_languages_are_refused_with_what_they_are_in_ours() -> None:
    texts = [
        "a && b", "a&&b", "a & b", "a || b", "a|b", "a||b:c", "type:model&&a", "name:a||b",
        "!a", "a ! b", "!(a b)", "!!", "name~a", "name=~a", "name~=a", "name!~a", "~a", "x~", "metric.auc~1",
        "1..2", "1..", "..2", "v1.0.0...v2", "version:v1.0.0..v1.1.0", "metric.auc:0.8..0.9", "param.lr=1..", "registered:2025..2026", "size:..1GB",
        "type:model,dataset", "type:model|dataset", "type:model, a", "type:,", "type:model;stage:prod",
        "name:(a or b)", "name: a", "name:", "type = model", "models/nlp:sent", "registered:<2025-01-01 12:30",
    ]  # fmt: skip
    assert list(map(advice, texts)) == snapshot(
        [
            "a ^&& b | there is no '&&' in queries | write 'and' between blanks, or nothing: a and b",
            "a^&&b | there is no '&&' in queries | write 'and' between blanks, or nothing: a and b",
            "a ^& b | there is no '&' in queries | write 'and' between blanks, or nothing: a and b",
            "a ^|| b | there is no '||' in queries | write 'or' between blanks: a or b",
            "a^|b | there is no '|' in queries | write 'or' between blanks: a or b",
            "a^||b:c | there is no '||' in queries | write 'or' between blanks: a or b",
            "type:model^&&a | there is no '&&' in queries | write 'and' between blanks, or nothing: a and b",
            "name:a^||b | there is no '||' in queries | write 'or' between blanks: a or b",
            "^!a | a word or a condition is expected here | the contrary is: not a",
            "a ^! b | a word or a condition is expected here | the contrary is: not b",
            "^!(a b) | a word or a condition is expected here | the contrary is: not ( )",
            "^!! | a word or a condition is expected here | the contrary is: not ( )",
            "name^~a | there is no '~' in queries | * stands for any text: name:*a*",
            "name=^~a | there is no '~' in queries | * stands for any text: name:*a*",
            "name^~=a | there is no '~' in queries | * stands for any text: name:*TEXT*",
            "name^!~a | an operator is expected here | such as: not name:*TEXT*",
            "^~a | there is no '~' in queries | * stands for any text: name:*a*",
            "x^~ | there is no '~' in queries | * stands for any text: name:*TEXT*",
            "metric.auc^~1 | there is no '~' in queries | * stands for any text: metric.auc:*1*",
            "1^..2 | there is no '..' in queries | a range has a condition for each end: metric.auc>=1 metric.auc<=2",
            "1^.. | there is no '..' in queries | a range has a condition for each end: metric.auc>=1",
            "^..2 | there is no '..' in queries | a range has a condition for each end: metric.auc<=2",
            "v1.0.0^...v2 | there is no '..' in queries | a range has a condition for each end: version>=v1.0.0 version<=v2",
            "version:v1.0.0^..v1.1.0 | there is no '..' in queries | a range has a condition for each end: version>=v1.0.0 version<=v1.1.0",
            "metric.auc:0.8^..0.9 | there is no '..' in queries | a range has a condition for each end: metric.auc>=0.8 metric.auc<=0.9",
            "param.lr=1^.. | there is no '..' in queries | a range has a condition for each end: param.lr>=1",
            "registered:2025^..2026 | there is no '..' in queries | a range has a condition for each end: registered>=2025 registered<=2026",
            "size:^..1GB | there is no '..' in queries | a range has a condition for each end: size<=1GB",
            "type:model^,dataset | one value is expected | each value has its condition: (type:model or type:dataset); a text with commas stands in quotes",
            "type:model^|dataset | one value is expected | each value has its condition: (type:model or type:dataset); a text with commas stands in quotes",
            "type:model^, a | there is no ',' between conditions | a blank is enough",
            "type:^, | one value is expected | each value has its condition: (type:A or type:B); a text with commas stands in quotes",
            "type:model^;stage:prod | there is no ';' between conditions | a blank is enough",
            "name:^(a or b) | a value is expected here | each value has its condition: (name:A or name:B)",
            "name:^ a | a value is expected here | it stands right behind the operator, without a blank: name:VALUE",
            "name:^ | a value is expected here | such as name:TEXT",
            "type ^= model | a word or a condition is expected here | an operator stands between a field and a value, without blanks: metric.auc>0.9",
            "^models/nlp:sent | there is no field 'models/nlp' | for an artifact: name:models/nlp:NAME; for words with signs in them put quotes around",
            "registered:<2025-01-01 ^12:30 | there is no field '12' | a time stands right behind its day, with a T between them: 2025-01-31T12:05",
        ]
    )


def test_an_operator_whose_signs_are_swapped_or_doubled_is_refused_with_the_one_that_was_meant() -> None:
    texts = [
        "metric.a=>0.85", "metric.a=<0.86", "metric.a:=>0.85", "metric.a==>1", "metric.a<>1", "metric.a=!1", "metric.a>>1", "metric.a===1",
        "metric.a<=>1", "size=>1", "size<=>1", "registered=>2025", "custom.a=>1", "name=>a", "name=!a", "name===a", "package=>2", 'metric.a=>"1"', "metric.a=>",
        "metric.a≥0.85", "metric.a≤1", "metric.a≠1", "a≥1", "size:≥1GB", "metric.a=≥1", "metric.a<≠1", "name:≠a",
    ]  # fmt: skip
    assert list(map(advice, texts)) == snapshot(
        [
            "metric.a=^>0.85 | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "metric.a=^<0.86 | a value is expected here | write '<='; a text that begins with '<' stands in quotes",
            "metric.a:=^>0.85 | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "metric.a==^>1 | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "metric.a<^>1 | a value is expected here | write '!='; a text that begins with '>' stands in quotes",
            "metric.a=^!1 | a value is expected here | write '!='; a text that begins with '!' stands in quotes",
            "metric.a>^>1 | a value is expected here | write '>'; a text that begins with '>' stands in quotes",
            "metric.a==^=1 | a value is expected here | write '='; a text that begins with '=' stands in quotes",
            "metric.a<=^>1 | a value is expected here | a text that begins with '>' stands in quotes",
            "size=^>1 | a value is expected here | write '>='",
            "size<=^>1 | a value is expected here | such as size>=VALUE",
            "registered=^>2025 | a value is expected here | write '>='",
            "custom.a=^>1 | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "name=^>a | a value is expected here | a text that begins with '>' stands in quotes",
            "name=^!a | a value is expected here | write '!='; a text that begins with '!' stands in quotes",
            "name==^=a | a value is expected here | write '='; a text that begins with '=' stands in quotes",
            "package^=>2 | package is followed by ':' alone | such as package:'tensorflow<2.12'",
            "metric.a=^>\"1\" | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "metric.a=^> | a value is expected here | write '>='; a text that begins with '>' stands in quotes",
            "metric.a^≥0.85 | there is no '≥' in queries | write '>='",
            "metric.a^≤1 | there is no '≤' in queries | write '<='",
            "metric.a^≠1 | there is no '≠' in queries | write '!='",
            "a^≥1 | there is no '≥' in queries | write '>='",
            "size:^≥1GB | there is no '≥' in queries | write '>='",
            "metric.a=^≥1 | a value is expected here | write '>='; a text that begins with '≥' stands in quotes",
            "metric.a<^≠1 | a value is expected here | a text that begins with '≠' stands in quotes",
            "name:^≠a | there is no '≠' in queries | write '!='",
        ]
    )


def test_a_number_of_a_metric_with_a_percent_sign_or_a_comma_is_refused() -> None:
    assert list(map(advice, ["metric.a=85%", "metric.a:0,855", "metric.a>1,000.5", "metric.a!=8,5%"])) == snapshot(
        [
            "metric.a=85^% | a number is expected | a number has no '%': 85 % is 0.85 or 85, as the files have it; a text stands in quotes",
            "metric.a:0^,855 | a number is expected | decimals stand behind a point, and nothing between thousands: 0.855, 1000; a text stands in quotes",
            "metric.a>1^,000.5 | a number is expected | decimals stand behind a point, and nothing between thousands: 0.855, 1000; a text stands in quotes",
            "metric.a!=8^,5% | a number is expected | decimals stand behind a point, and nothing between thousands: 0.855, 1000; a text stands in quotes",
        ]
    )


@pytest.mark.parametrize("text", [
    "R&D", "a.b", "5%", "../a", "wait..", "param.path:../a..b", "param.name:a,b", "data:a,b", "path:x|y", "owner:ann@example.com", "package:numpy>=1,<2", "label:a&b",
    "version:v1.*", "description:a,b", "ann@example.com", "#1", "a@", "churn@prod",
    "param.split=80%", "param.sizes:64,32", "metric.a:80%x", "metric.a:1,a",
])  # fmt: skip
def test_what_means_nothing_elsewhere_is_text(text: str) -> None:
    assert format_query(parse_query(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        '"a && b"',
        '"|"',
        '"name~x"',
        '"1..2"',
        'name:"a||b"',
        'version:"v1..v2"',
        '"churn@v1.0.0"',
        '"a@1"',
        'type:"a,b"',
        'name:"~x"',
        'metric.a=">0.85"',
        'param.shape:"<1"',
        'name="=a"',
        'metric.a:"≥1"',
        'metric.a="85%"',
        'metric.a:"0,855"',
        '"a≥1"',
    ],
)
def test_what_stands_in_quotes_is_text_and_is_written_with_them(text: str) -> None:
    assert format_query(parse_query(text)) == text


@pytest.mark.parametrize(("text", "written"), [
    ("churn@v1.0.0", "name:churn version:v1.0.0"),
    ("churn@latest", "name:churn version:latest"),
    ("churn#prod", "name:churn stage:prod"),
    ("models/nlp:sent@stable", "name:models/nlp:sent version:stable"),
    ("models/nlp:sent#prod or a", "(name:models/nlp:sent stage:prod) or a"),
    ("-churn#prod a", "not (name:churn stage:prod) a"),
])  # fmt: skip
def test_a_selector_is_the_conditions_that_it_stands_for(text: str, written: str) -> None:
    assert format_query(parse_query(text)) == written
    assert parse_query(written) == parse_query(text)


def test_a_selector_whose_version_is_none_is_refused_with_the_condition_that_was_meant() -> None:
    assert [advice(text) for text in ("churn@1.0.0", "churn@v1", "churn@1.x", "nlp:churn@v1")] == snapshot(
        [
            "churn@^1.0.0 | a version, 'latest' or 'stable' is expected here | such as name:churn version:v1.0.0",
            "churn@^v1 | a version, 'latest' or 'stable' is expected here | such as name:churn version:v1*",
            "churn@^1.x | a version, 'latest' or 'stable' is expected here | such as name:churn version:v1*",
            "^nlp:churn@v1 | there is no field 'nlp' | for a metric: metric.nlp, for free metadata: custom.nlp; for words with signs in them put quotes around",
        ]
    )


def test_a_word_is_plain_if_it_means_the_same_with_quotes() -> None:
    assert [is_plain_word(word) for word in ("churn", "a|b", "churn#prod", "churn@1")] == [True, False, False, False]
