"""Words that every page uses."""

WORDS = {
    "title": "Learning Rate Lab",
    "language": "Language",
    "device_loading": "Loading TensorFlow …",
    "device": "{device}",
    "refused": "**{label}** must be {expected}; it was `{got}`. {kept}",
    "refused_link": "The rest of the link applies.",
    "refused_kept": "The value before it still holds.",
    "refused_unknown": "The link has a field `{name}` that the laboratory does not know. The rest of the link applies.",
    "refused_idle": "**{label}** has no meaning here and was left out: the link also says {because}.",
    "number_from": "a number from {low} to {high}",
    "number_above": "a number above {low} and at most {high}",
    "whole_from": "a whole number from {low} to {high}",
    "one_of": "one of {options}",
    "true_or_false": "true or false",
    "list_of": "at most {most} whole numbers from {low} to {high}, separated by commas, or “none”",
    "too_large": "smaller: {what} may reach {limit} in all",
    "too_many_jobs": "You already have {limit} trainings under way. Stop one, or wait until one has ended.",
    "unknown_job": "This training is no longer kept. Change any control, or open the link again.",
    "page_failed": "Something went wrong on this page, and it is not your fault. Your settings are in the address bar: reload to go on.",
}
