"""Why a value is refused: a code with parameters, and the English words of every code.

The words say what should have been, so that they stand after "must be": in the one line of the
command line, and on the pages in English. Other languages have words of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from core.experiment.limits import SHOWN_CHARACTERS_MAX

if TYPE_CHECKING:
    from core.experiment.field_types import Rule

ENGLISH = {
    # What the rules of the fields accept
    "number": "a number at least {low} and at most {high}",
    "number_above": "a number above {low} and at most {high}",
    "whole": "a whole number from {low} to {high}",
    "whole_or_word": "a whole number from {low} to {high}, or {word}",
    "choice": "one of {options}",
    "flag": "true or false",
    "list": "a list of at most {most} whole numbers from {low} to {high}",
    "list_text": "a list of at most {most} whole numbers from {low} to {high}, written as 50,50",
    "changes": "a list of at most {most} changes",
    "changes_text": "a list of at most {most} changes, written as"
    ' [{{"epoch": 5, "optimizer.learning_rate": 0.1}}]',
    # How a number is written
    "ambiguous_number": "written as {one} or as {other}, whichever is meant",
    "separators": "a number without separators (did you mean {meant}?)",
    "per_cent": "a number without a per cent sign (did you mean {meant}?)",
    "vanishing": "0, or so far from it that it can be told from 0",
    "decimal_commas": "numbers with points, and commas between them (did you mean {meant}?)",
    # What an experiment is as a whole
    "whole_for_updates": "a whole number from {low} to {high} at {updates} updates an epoch",
    "whole_for_parameters": "a whole number from {low} to {high} with {parameters} parameters and"
    " so many rows",
    "whole_for_operations": "a whole number from {low} to {high} with {operations} multiply-adds a"
    " row and so many rows",
    "whole_for_seeds": "a whole number from {low} to {high} for {seeds} seeds",
    "too_many_parameters": "layers of at most {most} parameters in all, not {parameters}",
    "too_many_operations": "layers of at most {most} multiply-adds a row in all, not {operations}",
    "dense_but_digits": "dense for all data but digits",
    "after_last_epoch": "left out after epoch {last}",
    "no_schedule": "a schedule",
    "empty_change": "more than the epoch",
    "cannot_change": "of an epoch and of what can change ({known})",
    "unknown_field": "one of the fields {known}",
    "names_among": "names among {known}",
    "no_such_field": "a field of this experiment",
    "given_twice": "given once",
    "no_object": "an object of named fields",
    "no_json": "valid JSON",
    "long_json": "JSON of at most {most} characters",
    "address": "the address of a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT",
    "no_setting": "a path and a value, path=value",
    # What a study is
    "ends_above_0": "above 0 at both ends of a logarithmic range",
    "no_single_number": "a field that holds a number",
    "count_of_values": "given 1 to {most} values",
    "other_count_of_values": "given 1 to {most} values, not {count}",
    "count_of_fields": "one field, or two that differ",
    "seed_varied": "other than the seed, which every study varies",
    "one_value": "a field that holds one value",
    "values_or_range": "values, or a range LOW:HIGH:N",
    "two_numbers": "a range between two numbers",
    "axis": "a field, then list, linear or log, then values: momentum:list:0, 0.9",
    "range": "two ends and a count of up to {most}: learning_rate:log:0.001:1:7",
    "too_many_cells": "at most {most} at {seeds} {noun}",
    "line": "at most {most} characters in one line",
    # What a look into a run is
    "epochs_of_run": "some from 0 to {last}",
    "inputs_of_look": "rows of {features} numbers, for predictions alone",
    "finite_inputs_of_look": "finite numbers, as single precision holds them",
    "rows_of_look": "at most {most} rows",
    "epochs_of_look": "at most {most} of so many numbers",
    # What a command is given
    "no_records_written": "left out where no records are written",
    "left_out_beside": "left out beside {option}",
    "trains_nothing": "left out for {study}, which trains nothing",
    "several_seeds": "left out with more than one seed",
    "ending": "a file that ends in {ending}",
    "writable_file": "a file in a folder that can be written to",
    "folder": "a folder that can be made",
    "writable_folder": "a folder that can be written to",
    "json_file": "a JSON file that can be read, or - for standard input",
    "field_of_study": "of a field that the study neither varies nor holds",
    "field_of_varied_kind": "of a field that the study neither varies nor holds, and each {kind}"
    " has its own (--vary {setting} gives it to all of them)",
    "checkout": "a checkout of this program, which holds {file}",
    "loadable_checkout": "a checkout whose engine can be loaded here",
    "new_file": "a file that is not there yet, or with --replace one that is not the store",
    "some_store": "a file or a database's URL",
    # What has no code yet: the words themselves
    "other": "{expected}",
}


@dataclass(frozen=True)
class Reason:
    """What is wrong with a value, so that a page can say it in any language."""

    code: str
    parameters: Mapping[str, Any]

    @property
    def english(self) -> str:
        """What the value must be; of a code that has no words here, the code.

        >>> because("whole", low=1, high=50).english
        'a whole number from 1 to 50'
        """
        return self.fill(ENGLISH.get(self.code, self.code.replace("_", " ")))

    def fill(self, sentence: str, **more: object) -> str:
        """A sentence with the parameters, and more, in the places that it has for them."""
        return sentence.format(**{name: part(v) for name, v in self.parameters.items()}, **more)


def because(code: str, **parameters: Any) -> Reason:
    """The reason of that code."""
    return Reason(code, parameters)


def part(value: Any) -> Any:
    """A parameter as it stands in a sentence.

    >>> part(10.0), part(0.12345678), part(1e-07), part(("sgd", "adam")), part(5)
    ('10', '0.12345678', '1e-7', 'sgd, adam', 5)
    """
    if isinstance(value, float):
        short = f"{value:g}"
        text = short if float(short) == value else repr(value)
        return re.sub(r"e([+-])0+", lambda sign: f"e{sign[1].strip('+')}", text)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value


class FieldError(ValueError):
    """A value that a field refuses: who owns the field, its path, why, and what it got.

    Why is a reason, or as a text what the value must be; then the code is that of the rule.
    """

    def __init__(
        self, owner: str, path: str, why: Reason | str, got: Any, rule: Rule | None = None
    ):
        self.owner, self.path, self.why, self.got, self.rule = owner, path, why, got, rule
        self.expected = why if isinstance(why, str) else why.english
        super().__init__(f"{owner}: `{one_line(path)}` must be {self.expected}, got {shown(got)}.")

    @property
    def reason(self) -> Reason:
        """A code with parameters, for words in any language."""
        if isinstance(self.why, Reason):
            return self.why
        return self.rule.reason if self.rule else because("other", expected=self.why)

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def parameters(self) -> Mapping[str, Any]:
        return self.reason.parameters

    def at(self, owner: str, path: str) -> FieldError:
        """The same refusal, told by another owner of another path."""
        return FieldError(owner, path, self.why, self.got, self.rule)

    def quoting(self, text: str) -> FieldError:
        """The same refusal of what a person typed."""
        return FieldError(self.owner, self.path, self.why, Typed(text), self.rule)

    def under(self, prefix: str, owner: str) -> FieldError:
        """The same refusal, told by the description that holds the one that refused."""
        return self.at(owner, f"{prefix}.{self.path}".removesuffix("."))


class Typed(str):
    """Text as a person typed it: quoted as it stands, and a number without quotes."""


class JsonNumber(float):
    """A number of a JSON text that knows how it was typed: 1e9, not 1000000000.0."""

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def shown(value: Any) -> str:
    """A refused value as it stands in a sentence: JSON where it can be, one line, and never long.

    >>> shown({"rate": float("nan")}), shown(10**5000)
    ('{"rate": NaN}', 'a value of type int')
    >>> shown(Typed("1e2")), shown(Typed("ten")), shown("1e2")
    ('1e2', '"ten"', '"1e2"')
    """
    if isinstance(value, Typed):
        return one_line(value if is_json_number(value) else f'"{value}"')
    try:
        text = as_json(value)
    except (ValueError, RecursionError, TypeError):
        text = f"a value of type {type(value).__name__}"
    return one_line(text)


def as_json(value: Any) -> str:
    """JSON whose numbers stand as they were typed. Raises as `json.dumps` does.

    >>> as_json({"rates": [JsonNumber("1e400"), 1]})
    '{"rates": [1e400, 1]}'
    """
    if isinstance(value, JsonNumber):
        return value.text
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(as_json, value))}]"
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return f"{{{', '.join(f'{as_json(name)}: {as_json(one)}' for name, one in value.items())}}}"
    return json.dumps(value, ensure_ascii=False, default=repr)


def is_json_number(text: str) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, int | float) and not isinstance(value, bool)


def one_line(text: str) -> str:
    """Text that can be printed in any sentence: no line breaks, no broken characters, not long."""
    line = "".join(c if c.isprintable() else " " for c in text[:SHOWN_CHARACTERS_MAX])
    return line if len(text) <= SHOWN_CHARACTERS_MAX else line[:-1] + "…"
