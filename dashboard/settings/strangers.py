"""What others hang on a link on its way, which is passed over in silence."""

from __future__ import annotations

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
