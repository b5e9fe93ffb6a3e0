"""Why something was refused: the laboratory's own words, which stand after "must be".

What "must be" would not say is a sentence of its own, called `said_` and the code.
"""

from core.experiment.refusals import ENGLISH

WORDS = {
    **ENGLISH,
    "said": "{label} must be {expected}; it was {got}.",
    "then": "{said} {kept}",
    "by_link": "The rest of the link applies.",
    "by_hand": "The value before it still holds.",
    "empty": "(empty)",
    "and": " and ",
    "said_unknown_parameter": "The link has a field {name} that the laboratory does not know. The rest of the link applies.",
    "said_left_out": "{label} ({got}) has no meaning here and is ignored.",
    "said_repeated": "{label} stands in the link more than once; the last of them, {got}, applies.",
    "said_cannot_change": "{label}: {got} cannot change; what can is {known}.",
    "said_ambiguous_number": "{label} could be {one} or {other}: write the one that is meant. It was {got}.",
    "said_too_many_parameters": "{label} must be so few and small that they have at most {most:,} parameters in all; it was {got}.",
    "said_too_many_operations": "{label} must be so few that one row takes at most {most:,} multiply-adds in all; it was {got}.",
    "said_no_single_number": "{label} is not a single number, so it has no range: list its values.",
    "said_same_field_twice": "{label} cannot be varied against itself: choose another second field.",
    "said_fields_apart": "{label} cannot be varied together, because not every run of such a grid would have both: choose another second field.",
    # What is refused of pins
    "said_idle": "{label} has no meaning for this pin and was left out; it was {got}.",
    "said_no_value": "{name} stands in the link without a value and was left out. The rest of the link applies.",
    "said_long_pin": "its text must be shorter; it has {count} characters. The tutorial’s run stands in its place.",
    "said_too_many_values": "A study of {count} values is too large to compare; at most {most} can be pinned at once. Open one of its values in Explore and pin that.",
    "said_too_many_pins": "{most} are pinned, and more cannot be told apart. Remove one first.",
    "said_too_many_pins_link": "The link has {count} pins; at most {most} can be told apart. The first {most} apply.",
    "said_too_many_runs": "That would be {count} runs; at most {most} can be trained at once. Choose fewer seeds.",
    "said_too_many_epochs": "That would be {count} epochs over all runs; at most {most} can be trained at once. Choose fewer seeds or epochs.",
    "said_late_seed": "Seed {first} leaves too little room for that many seeds; choose one of at most {most}.",
    "at_pin": "Pin {pin}: {sentence}",
    "more": "And {count} more parts of the link were left out.",
}
