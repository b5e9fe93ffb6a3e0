"""The parameters of a link: read by the rules of their fields; those of others are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.experiment.field_types import Rule, read
from core.experiment.limits import LINK_CHARACTERS_MAX
from core.experiment.refusals import FieldError, Typed, because

# What mail, search, advertisements, messengers and Streamlit itself hang on to a link.
STRANGERS = {
    "_branch_match_id", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "_t", "cmpid", "dclid",
    "embed", "embed_options", "epik", "fb_ref", "fb_source", "fbclid", "from", "gad_source",
    "gbraid", "gclid", "gclsrc", "gs_l", "hsctatracking", "igsh", "igshid", "isappinstalled",
    "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "nsukey", "oly_anon_id", "oly_enc_id",
    "rb_clickid", "rdt_cid", "ref", "ref_src", "ref_url", "s_cid", "s_kwcid", "scclid", "scene",
    "share_source", "share_token", "si", "source", "spm", "srsltid", "sscid", "tblci", "trk",
    "ttclid", "twclid", "usp", "vero_conv", "vero_id", "wbraid", "wickedid", "wt_mc", "xtor",
    "yclid", "ysclid", "zanpid",
}  # fmt: skip
STRANGE_BEGINNINGS = ("utm_", "hsa_", "pk_", "piwik_", "mtm_", "matomo_", "share_", "__hs", "ga_")


def is_strange(name: str) -> bool:
    """Whether a parameter is none of ours and was hung on by others on its way.

    >>> is_strange("fbclid"), is_strange("utm_source"), is_strange("haste")
    (True, True, False)
    """
    lower = name.lower()
    return lower in STRANGERS or lower.startswith(STRANGE_BEGINNINGS)


def read_all(
    query: Mapping[str, Any], rules: Mapping[str, Rule], refusals: list[FieldError]
) -> dict[str, Any]:
    """What the parameters mean by their rules; what is wrong or unknown is added to `refusals`."""
    values: dict[str, Any] = {}
    for name, given in query.items():
        text = str(given)[:LINK_CHARACTERS_MAX]
        try:
            if name in rules:
                values[name] = read("Link", name, rules[name], text)
            elif not is_strange(name):
                raise FieldError("Link", name, because("unknown_parameter"), Typed(text))
        except FieldError as error:
            refusals.append(error)
    return values
