from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.core.query import AllOf, AnyOf, Condition, Depth, Field, Not, Operator, depth_of, list_conditions
from gitreg.core.query_format import format_query
from gitreg.core.query_parse import LONGEST, parse_query
from gitreg.errors import SyntaxFault


def refusal(text: str) -> tuple[str, int, str]:
    with pytest.raises(SyntaxFault) as caught:
        parse_query(text)
    assert 0 <= caught.value.position <= len(text)
    return caught.value.expected, caught.value.position, caught.value.hint


@pytest.mark.parametrize(("text", "written"), [
    ("churn", "churn"),
    ("  churn  ", "churn"),
    ('"two words"', '"two words"'),
    ("'it\\'s'", '"it\'s"'),
    ('"a \\"b\\" \\\\c"', '"a \\"b\\" \\\\c"'),
    ("a b", "a b"),
    ("a and b", "a b"),
    ("a AND b Or c", "(a b) or c"),
    ("a b or c d", "(a b) or (c d)"),
    ("(a b) c", "(a b) c"),
    ("((a))", "a"),
    ("-a", "not a"),
    ("not -a", "not not a"),
    ("-(a or b)", "not (a or b)"),
    ("a(b)c", "a b c"),
    ("Type:model", "type:model"),
    ("size:>1GB", "size>1GB"), ("size>20 kB tx", "size>20kB tx"), ("size>719 bytes", "size>719B"), ('size>20 "kB"', 'size>20 "kB"'),
    ("size>1kB kB", 'size>1kB "kB"'), ("(size<1.5 GiB)", "size<1.5GiB"),
    ("size>=1GB", "size>=1GB"),
    ("version==v1.0.0", "version=v1.0.0"),
    ("version:!=v1.0.0", "version!=v1.0.0"),
    ("owner=ml", "owner=ml"),
    ("name:models/nlp:sent", "name:models/nlp:sent"),
    ("metric.val.auc>0.9", "metric.val.auc>0.9"),
    ('METRIC."a b">-1', 'metric."a b">-1'),
    ("package:tensorflow>=2,<2.12", "package:tensorflow>=2,<2.12"),
    ('description:"<b>"', 'description:"<b>"'),
    ("registered:<2025-01-01", "registered<2025-01-01"),
    ("has:metric.auc", "has:metric.auc"),
    ("Custom.team:Risk", "custom.team:Risk"),
    ('custom."a b">=1', 'custom."a b">=1'),
    ("notes or android", "notes or android"),
    ('"and"', '"and"'),
    ("schema.input:age", "schema.input:age"),
])  # fmt: skip
def test_a_query_is_read_and_written(text: str, written: str) -> None:
    assert format_query(parse_query(text)) == written
    assert parse_query(written) == parse_query(text)


def test_and_binds_more_than_or_and_not_most() -> None:
    a, b, c = (Condition(Field.TEXT, Operator.MATCH, word) for word in "abc")
    assert parse_query("a not b or c") == AnyOf((AllOf((a, Not(b))), c))
    assert list(list_conditions(parse_query("a not b or c"))) == [a, b, c]


def test_every_fault_has_its_place_and_says_what_was_meant() -> None:
    texts = [
        "", "a and", "or b", "a or or b", "not", "-", "(a", "a)", "()", '"a', "a'b", "foo!", "auc>0.9", "tensorflow<2.12", "metrics.test.f1>0.4", "params:x", "tag:pii", "commit:2abecf8",
        "tags.a:1", "naem:x", "metrik.auc>1",
        "metric.>1", "custom:x", "custom.>1", "custom.limit>high", 'metric.""=1', 'metric."x"', "size:", "metric.auc>", "metric.auc>high", "size:big", "size>1XB", "name>x", "package<2",
        "package:1==x", "package:!", "deprecated:perhaps", "deprecated=yes", "hash:xyz", "hash=abcd", "registered:2025-02-30",
        "version:1.2.0", "version>x", "has:text", "has:name", "has:nothing", "label:pii:", 'name:""', '"a"b', 'type:a"b"', "=x",
        "metric.auc", "not param.train.epochs or a", "metric.auc > 1",
    ]  # fmt: skip
    accepted = {"label:pii:"}
    assert {text: refusal(text) for text in texts if text not in accepted} == snapshot(
        {
            "": (
                "a word or a condition is expected here",
                0,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "a and": (
                "a word or a condition is expected here",
                5,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "or b": (
                "a word or a condition is expected here",
                0,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "a or or b": (
                "a word or a condition is expected here",
                5,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "not": (
                "a word or a condition is expected here",
                3,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "-": (
                "a word or a condition is expected here",
                1,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            "(a": ("a ')' is missing here", 2, ""),
            "a)": ("there is no '(' for it", 1, ""),
            "()": (
                "a word or a condition is expected here",
                1,
                "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help",
            ),
            '"a': ("this quote is never closed", 0, 'a quote that is text stands in other quotes: "don\'t"'),
            "a'b": ("a blank is expected here", 1, "quote what belongs together; so far it is a"),
            "foo!": (
                "an operator is expected here",
                3,
                "the operators are : = != < <= > >=; a word with such signs in it stands in quotes",
            ),
            "auc>0.9": (
                "there is no field 'auc'",
                0,
                "for a metric: metric.auc, for free metadata: custom.auc; for words with signs in them put quotes around",
            ),
            "tensorflow<2.12": (
                "there is no field 'tensorflow'",
                0,
                (
                    "for a metric: metric.tensorflow, for a package: package:tensorflow<2.12, for free metadata: custom.tensorflow; "
                    "for words with signs in them put quotes around"
                ),
            ),
            "metrics.test.f1>0.4": ("there is no field 'metrics.test.f1'", 0, "did you mean metric.test.f1?"),
            "params:x": ("there is no field 'params'", 0, "did you mean param.NAME?"),
            "tag:pii": ("there is no field 'tag'", 0, "for a label: label:TEXT; tags of git are listed by gitreg history"),
            "commit:2abecf8": (
                "there is no field 'commit'",
                0,
                "no query asks for a commit; whether a version has it: gitreg trace 'NAME@latest' --contains COMMIT",
            ),
            "tags.a:1": ("there is no field 'tags.a'", 0, "for a label: label:TEXT; tags of git are listed by gitreg history"),
            "naem:x": ("there is no field 'naem'", 0, "did you mean name?"),
            "metrik.auc>1": ("there is no field 'metrik.auc'", 0, "did you mean metric.NAME?"),
            "metric.>1": ("the name of one is expected here", 7, "such as metric.auc>0.9"),
            "custom:x": ("the name of one is expected here", 6, "such as custom.threshold>0.9"),
            "custom.>1": ("the name of one is expected here", 7, "such as custom.threshold>0.9"),
            "custom.limit>high": ("a number is expected here", 13, "such as 0.9, 1e-3 or 1_000"),
            'metric.""=1': ("the name of one is expected here", 9, "such as metric.auc>0.9"),
            'metric."x"': ("an operator is expected here", 10, 'such as metric."x">0.9'),
            "metric.auc": (
                "an operator is expected here",
                10,
                "to ask whether there is any: has:metric.auc; such as metric.auc>0.9; for the word put quotes around",
            ),
            "not param.train.epochs or a": (
                "an operator is expected here",
                22,
                (
                    "to ask whether there is any: has:param.train.epochs; such as param.train.epochs>0.9; "
                    "for the word put quotes around"
                ),
            ),
            "metric.auc > 1": (
                "a word or a condition is expected here",
                11,
                "an operator stands between a field and a value, without blanks: metric.auc>0.9",
            ),
            "size:": ("a value is expected here", 5, "to ask whether there is any: has:size"),
            "metric.auc>": ("a value is expected here", 11, "to ask whether there is any: has:metric.auc"),
            "metric.auc>high": ("a number is expected here", 11, "such as 0.9, 1e-3 or 1_000"),
            "size:big": ("a size is expected here", 5, "such as 500kB, 1.5GB (1 GB is 10^9 bytes) or 1GiB (2^30)"),
            "size>1XB": ("a size is expected here", 5, "such as 500kB, 1.5GB (1 GB is 10^9 bytes) or 1GiB (2^30)"),
            "name>x": ("name is neither less nor greater than anything", 4, "such as name:TEXT"),
            "package<2": ("package is followed by ':' alone", 7, "such as package:'tensorflow<2.12'"),
            "package:1==x": (
                "a package is expected here",
                8,
                "such as tensorflow, 'tensorflow<2.12', 'numpy==1.26.*' or 'numpy>=1.20,<2'",
            ),
            "package:!": (
                "a package is expected here",
                8,
                "such as tensorflow, 'tensorflow<2.12', 'numpy==1.26.*' or 'numpy>=1.20,<2'",
            ),
            "deprecated:perhaps": ("yes or no is expected here", 11, "deprecated:yes"),
            "deprecated=yes": ("deprecated is followed by ':' alone", 10, "to turn it round: not deprecated:yes"),
            "hash:xyz": ("the beginning of a hash is expected here", 5, "four hexadecimal digits or more, such as md5:1a2b"),
            "hash=abcd": ("hash is followed by ':' alone", 4, "to turn it round: not hash:abcd"),
            "registered:2025-02-30": (
                "a date or time is expected here",
                11,
                "a year, month, day, hour, minute or second: 2025, 2025-01, 2025-01-31, 2025-01-31T14, 2025-01-31T14:05 (UTC) or 2025-01-31T14:05:30+01:00",
            ),
            "version:1.2.0": ("a version is expected here", 8, "write v1.2.0"),
            "version>x": ("a version is expected here", 8, "such as v1.2.0"),
            "has:text": ("a field is expected here", 4, "such as has:license, has:metric.auc or has:schema.input"),
            "has:name": ("a field is expected here", 4, "such as has:license, has:metric.auc or has:schema.input"),
            "has:nothing": ("a field is expected here", 4, "such as has:license, has:metric.auc or has:schema.input"),
            'name:""': ("a value is expected here", 5, "a text of nothing is like none"),
            '"a"b': ("a blank is expected here", 3, 'quote what belongs together; so far it is "a"'),
            'type:a"b"': ("a blank is expected here", 6, "quote what belongs together; so far it is a"),
            "=x": (
                "a word or a condition is expected here",
                0,
                "an operator stands between a field and a value, without blanks: metric.auc>0.9",
            ),
        }
    )


def test_nobody_means_a_query_that_is_too_long_or_too_deep() -> None:
    assert refusal("a " * LONGEST)[1] == LONGEST
    for text in ("(" * 5000, "not " * 2000 + "a", "-" * 9000 + "a", "(a or " * 100):
        assert "stand in one another" in refusal(text)[0]
    parse_query("(" * 49 + "a" + ")" * 49)
    assert len(list(list_conditions(parse_query("a " * 4999)))) == 4999


@pytest.mark.parametrize(("text", "depth"), [
    ("name:x", Depth.REGISTRY), ("has:stage", Depth.REGISTRY), ("x", Depth.ENTRY), ("path:x", Depth.ENTRY), ("custom.x>1", Depth.ENTRY), ("has:custom.x", Depth.ENTRY), ("has:license", Depth.ENTRY),
    ("size>1", Depth.POINTER), ("has:hash", Depth.POINTER), ("metric.auc>1", Depth.FACTS), ("has:package", Depth.FACTS),
])  # fmt: skip
def test_no_more_has_to_be_read_than_a_condition_is_about(text: str, depth: Depth) -> None:
    assert [depth_of(condition) for condition in list_conditions(parse_query(text))] == [depth]


def test_a_word_that_looks_like_the_name_of_a_metric_stands_in_quotes() -> None:
    word = Condition(Field.TEXT, Operator.MATCH, "metric.auc")
    assert parse_query('"metric.auc"') == word
    assert format_query(word) == '"metric.auc"'
