"""What others hang on a link on its way, which is passed over in silence."""

from __future__ import annotations

# What mail, search, advertisements, messengers and Streamlit itself hang on to a link.
STRANGERS = {
    "_branch_match_id", "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "_t", "ad_id", "authuser",
    "bd_vid", "campaign_id", "chksm", "cmpid", "cvid", "dclid", "embed", "embed_options",
    "epik", "fb_ref", "fb_source", "fbc_id", "fbclid", "from", "gbraid", "gclid", "gclsrc",
    "gs_l", "h_ad_id", "hl", "hsctatracking", "igsh", "igshid", "isappinstalled", "li_fat_id",
    "mc_cid", "mc_eid", "mibextid", "mkt_tok", "mpshare", "msclkid", "nsukey", "oly_anon_id",
    "oly_enc_id", "qhclickid", "rb_clickid", "rdid", "rdt_cid", "ref", "ref_src", "ref_url",
    "s_cid", "s_kwcid", "sa", "sc_campaign", "sc_channel", "scclid", "scene", "scm", "sfnsn",
    "si", "source", "spm", "srcid", "srsltid", "sscid", "sxsrf", "tblci", "trk", "trkcampaign",
    "ttclid", "twclid", "usp", "ved", "vero_conv", "vero_id", "wbraid", "wfr", "wickedid",
    "wt_mc", "wxfrom", "xtor", "yclid", "ysclid", "zanpid", "zx",
}  # fmt: skip
STRANGE_BEGINNINGS = (
    *("utm_", "hsa_", "pk_", "piwik_", "mtm_", "matomo_", "__hs", "ga_", "gad_"),
    *("share_", "sharer_", "fb_", "__cft__", "__tn__"),
)


def is_strange(name: str) -> bool:
    """Whether a parameter is none of ours and was hung on by others on its way.

    >>> is_strange("fbclid"), is_strange("utm_source"), is_strange("haste")
    (True, True, False)
    """
    lower = name.lower()
    return lower in STRANGERS or lower.startswith(STRANGE_BEGINNINGS)
